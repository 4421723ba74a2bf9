"""The mail about a bypass code that the ledger knows nothing of, for whoever reads [mail] notice_copy."""

from html import escape

from connectors.mail import Mail
from worker.findings import Finding

SUBJECT = "A Duo bypass code was made that duo-worker knows nothing of"
WHAT_TO_DO = """\
Find out which program made it. The Duo Admin Panel shows it and can delete it: Users, the person, Bypass Codes.

If nobody can tell, somebody else may have the key of duo-worker's Admin API application: in the panel, Applications, \
that application, reset the secret key, and put the new one into the file that [duo] secret_key_file names.

Nothing was taken back by itself. `duo-worker status` lists for a week what was found."""


def stray_mail(to: str, stray: Finding, sender_domain: str) -> Mail:
    """The same, Message-ID included, however often it is made."""
    sentence = f"{stray.sentence[:1].upper()}{stray.sentence[1:]}."
    plain = f"{sentence}\n\n{WHAT_TO_DO}\n"
    html = "".join(f"<p>{escape(each.strip())}</p>\n" for each in plain.split("\n\n"))
    return Mail(to, SUBJECT, plain, html, f"<stray.{stray.key}@{sender_domain}>")

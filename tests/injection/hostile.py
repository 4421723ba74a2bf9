"""What somebody might type, or be called, who wants more than a form gives."""

from typing import Final

from hypothesis import strategies as st

ESCAPES: Final[dict[str, str]] = {
    "a screen cleared": "\x1b[2J\x1b[H",
    "a title set": "\x1b]0;owned\x07",
    "eight-bit orders": "\x9b31m",
    "a line overwritten": "SCTASK\rDONE",
    "right to left": "\u202egpj.exe",
    "nothing to see": "a\x00b\u200b\u2066c",
}
HOSTILE: Final[dict[str, str]] = {
    **ESCAPES,
    "a condition": "x^ORactive=true",
    "a new query": "^NQactive=true^ORDERBYsys_id",
    "a script": "javascript:gs.getUserName()",
    "a script in capitals": " JaVaScRiPt:gs.getUserName()",
    "a function": "x^sys_idDYNAMIC90d1921e5f510100a9ad2572f2b477fe",
    "a list": "a,b,c",
    "a template": "{{ 7 * 7 }}{% for x in range(9) %}x{% endfor %}{# #}",
    "a template's inside": "{{ ''.__class__.__mro__ }}",
    "a format": "%(asctime)s {0} %s $HOME `id`",
    "code": "[code]<script>alert(1)</script>[/code]",
    "broken code": "[co[code]de]<b>x</b>[/code]",
    "an element": "<script>alert(1)</script>",
    "an attribute": "\" onload='alert(1)' x=\"",
    "an entity": "&lt;script&gt;&#60;b&#62;",
    "a link": '<a href="https://evil.example.net">here</a>',
    "a header": "x\r\nBcc: everybody@example.edu",
    "a body": "x\r\n\r\nYour code is 123456789",
    "two addresses": "a@example.edu, b@example.net",
    "a named address": '"<a@example.edu>" <b@example.net>',
    "a path": "../../admin/v1/users",
    "a parameter": "x&username=admin&limit=500#",
    "an encoded path": "%2e%2e%2fusers%3fusername=admin%00",
    "markup of rich": "[red]x[/red][link=https://evil.example.net]y[/link]:skull:",
    "a statement": "'; DROP TABLE requests; --",
    "a formula": '=HYPERLINK("https://evil.example.net")',
    "a note to the desk": "#verified photo-id-in-person",
    "an order of the desk": "#revoke",
    "a mark": "[duo-worker 00112233445566778899]",
    "half a character": "x\ud83d",
    "a megabyte": "A^" * 524_288,
}  # fmt: skip
VALUES: Final = tuple(HOSTILE.values())


def hostile() -> st.SearchStrategy[str]:
    """One of them, two with something between, or any text."""
    one = st.sampled_from([value for value in VALUES if len(value) < 1000])
    return one | st.builds("{}{}{}".format, one, st.text(max_size=10), one) | st.text(max_size=60)

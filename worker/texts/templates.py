"""The templates: the shipped ones, each replaced by the file of the same name in the configured folder."""

from collections.abc import Callable, Mapping
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType

from jinja2 import DictLoader, Environment, StrictUndefined, TemplateSyntaxError
from jinja2.meta import find_referenced_templates, find_undeclared_variables
from jinja2.sandbox import ImmutableSandboxedEnvironment

from worker.settings.errors import nearest
from worker.texts.errors import TextError
from worker.texts.words import counted, how_long, times, until

ENDING = ".j2"
FILTERS: Mapping[str, Callable[..., str]] = MappingProxyType(
    {"counted": counted, "how_long": how_long, "times": times, "until": until}
)


def shipped(name: str) -> str:
    """The text of a file that comes with the program."""
    return files("worker.texts").joinpath(name).read_text(encoding="utf-8")


def sources(folder: Path | None) -> dict[str, str]:
    """Every template's text by its name.

    Raises:
        TextError: The folder has a template of a name that isn't known, or one that can't be read.
    """
    ours = {each.name: shipped(each.name) for each in files("worker.texts").iterdir() if each.name.endswith(ENDING)}
    return ours | ({} if folder is None else _replaced(folder, ours))


def replaced(folder: Path | None, name: str) -> str:
    """One file's text: the folder's if it has that file, else the shipped one."""
    path = None if folder is None else folder / name
    return read(path) if path is not None and path.exists() else shipped(name)


def read(path: Path) -> str:
    """A file's text.

    Raises:
        TextError: It can't be read.
    """
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise TextError(f"{path} can't be read ({error.strerror}).") from error
    except UnicodeDecodeError as error:
        raise TextError(f"{path} is no UTF-8 text.") from error


def environment(texts: Mapping[str, str], *, html: bool) -> Environment:
    """Where they are rendered: in a sandbox, an unknown variable is an error, and HTML escapes whatever goes in.

    Whether to escape is the environment's, not the template's: a partial is included in plain text and in HTML.
    """
    made = ImmutableSandboxedEnvironment(
        loader=DictLoader(dict(texts)),
        autoescape=html,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters.update(FILTERS)
    return made


def check(name: str, text: str, known: frozenset[str], env: Environment) -> None:
    """Refuses a template that doesn't parse or names a variable that it doesn't get, in whatever branch.

    Raises:
        TextError: So it is.
    """
    try:
        unknown = sorted(find_undeclared_variables(env.parse(text)) - known)
        env.compile(text, name)
    except TemplateSyntaxError as error:
        raise TextError(f"{name}, line {error.lineno}: {error.message}") from error
    if unknown:
        raise TextError(f"{name} has no variable {unknown[0]}; {nearest(unknown[0], known)}.")


def names(name: str, texts: Mapping[str, str], env: Environment) -> frozenset[str]:
    """The variables that a template names, or one that it includes."""
    tree = env.parse(texts[name])
    included = [each for each in find_referenced_templates(tree) if each is not None and each in texts and each != name]
    return frozenset(find_undeclared_variables(tree)).union(*(names(each, texts, env) for each in included))


def _replaced(folder: Path, ours: Mapping[str, str]) -> dict[str, str]:
    try:
        found = sorted(folder.iterdir())
    except OSError as error:
        raise TextError(f"{folder} can't be read ({error.strerror}).") from error
    theirs = {path.name: read(path) for path in found if path.name.endswith(ENDING)}
    for name in theirs:
        if name not in ours:
            raise TextError(f"{folder / name} replaces no shipped text; {nearest(name, ours)}.")
    return theirs

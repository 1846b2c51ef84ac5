"""Which errors does the service raise on purpose, and who can fix each?

TocsinError
├── ConfigError      the operator's configuration; every mistake at once, with key paths
├── UsageError       the caller's command line or input line
├── BlockedAddress   the address guard refused a URL
├── FetchFailed      a source could not be read this time
├── StoreError       the database can't be opened, is damaged or full
│   └── StillServed  a process of another version serves it: it can't be migrated now
├── ClusterUnavailable  the cluster that articles are extracted on can't be used now; they wait
├── SetupError       the set-up can't go on as asked; the text is for the operator
│   ├── TokenRefused     Telegram knows no bot with the token
│   ├── TelegramUnreachable  Telegram can't be asked now
│   └── UpdatesTaken     somebody else gets what is sent to the bot
└── ChatError        a command's arguments; the text is for the person who typed it
"""


class TocsinError(Exception):
    """Base of everything Tocsin raises on purpose; its text is one clear sentence."""


class ConfigError(TocsinError):
    """The configuration can't be used; the text lists every mistake with its key path."""


class UsageError(TocsinError):
    """A command line or an input line is wrong; exit code 2."""


class BlockedAddress(TocsinError):
    """The address guard refused to connect; the text says why."""


class FetchFailed(TocsinError):
    """A source could not be read; this is no evidence that there is no news."""


class StoreError(TocsinError):
    """The database can't be used; the text says how to fix it."""


class StillServed(StoreError):
    """The database is of an earlier version, and a process of it still serves it: a migration would break that."""


class ClusterUnavailable(TocsinError):
    """The cluster can't be used now: it doesn't answer, has no workers or other code. The articles wait."""


class SetupError(TocsinError):
    """A step of the set-up failed; the text says why, and the operator can answer otherwise."""


class TokenRefused(SetupError):
    """Telegram knows no bot with this token."""


class TelegramUnreachable(SetupError):
    """Telegram can't be asked now; this says nothing about the token."""


class UpdatesTaken(SetupError):
    """Another process or a webhook gets what is sent to the bot."""


class ChatError(TocsinError):
    """A chat command can't be carried out; the text is for the person who typed it."""

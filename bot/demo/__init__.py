"""``tocsin demo``: invented news through the real service, watched from the terminal."""

from bot.demo.show import run

__all__ = ["run"]

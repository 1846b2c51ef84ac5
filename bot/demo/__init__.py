"""What does ``tocsin demo`` run? Invented news through the real service, shown in the terminal."""

from bot.demo.show import run

__all__ = ["run"]

"""What a person does at the page, by what they see there."""

import struct
import zlib
from math import sin
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.async_api import Locator, Page


def png(width: int, height: int) -> bytes:
    """Draw a small picture: a sun over hills."""

    def pixel(x: int, y: int) -> bytes:
        across, down = x / width, y / height
        if down > 0.62 + 0.13 * sin(5 * across + 1.5):
            return bytes((72, 110, 84))
        if down > 0.52 + 0.16 * sin(7 * across):
            return bytes((122, 158, 126))
        if (x - 0.72 * width) ** 2 + (y - 0.26 * height) ** 2 < (0.11 * height) ** 2:
            return bytes((255, 236, 179))
        return bytes((246 - int(60 * (1 - down)), 205 - int(20 * down), 160 + int(40 * (1 - down))))

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress(b"".join(b"\0" + b"".join(pixel(x, y) for x in range(width)) for y in range(height)))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


class Person:
    """Somebody at an English page."""

    def __init__(self, page: "Page") -> None:
        self.page = page
        self.phone = page.locator("#phone")
        self.desk = page.locator("#desk")
        self.journal = page.locator("#journal")

    async def enter(self, address: str, nickname: str = "Ming") -> None:
        """Open the page and go through the door."""
        await self.page.goto(address)
        await self.page.get_by_label("My nickname").fill(nickname)
        await self.page.get_by_role("button", name="Enter the chat").click()

    async def write(self, text: str) -> None:
        """Write from the phone."""
        message = self.page.get_by_label("Message", exact=True)
        await message.fill(text)
        await message.press("Enter")

    async def attach(self, kind: str) -> None:
        """Choose something from the panel under the plus."""
        await self.phone.get_by_role("button", name="Pictures, voice and more").click()
        await self.phone.locator("#attach").get_by_text(kind, exact=True).click()

    def bubbles(self, side: str) -> "Locator":
        """Find what stands on one side of the phone: mine or theirs."""
        return self.phone.locator(f".{side} .bubble")

    async def reply(self, text: str) -> None:
        """Write from the desk."""
        message = self.page.get_by_label("Reply as a colleague")
        await message.fill(text)
        await message.press("Enter")

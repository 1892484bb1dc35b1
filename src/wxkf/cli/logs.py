"""The log of `wxkf run`: lines for people, or one JSON object a line for whatever collects them."""

import json
import logging
import sys
from datetime import datetime
from typing import Literal

from wxkf.client.logs import mask
from wxkf.engine.about import NAMES, handled


class JsonLines(logging.Formatter):
    """One object a line: time, level, logger, message; msgid, open_kfid and external_userid where they are known."""

    def format(self, record: logging.LogRecord) -> str:
        """Write a record, secrets masked."""
        line: dict[str, str] = {
            "time": datetime.fromtimestamp(record.created).astimezone().isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": mask(record.getMessage()),
        }
        context = handled()
        for name in NAMES:
            if value := getattr(record, name, "") or context.get(name, ""):
                line[name] = str(value)
        if record.exc_info and record.exc_info[0]:
            line["error"] = mask(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False)


def set_up(level: int, style: Literal["text", "json"] = "text") -> None:
    """Log on standard error."""
    handler = logging.StreamHandler(sys.stderr)
    plain = logging.Formatter("%(asctime)s %(levelname)-7s %(name)s: %(message)s")
    handler.setFormatter(JsonLines() if style == "json" else plain)
    logging.basicConfig(level=level, handlers=[handler])
    logging.getLogger("asyncio").setLevel(logging.WARNING)

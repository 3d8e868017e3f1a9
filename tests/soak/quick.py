"""The app driven through its control socket from this process: as the command line, without a process a command."""

from __future__ import annotations

import json
import os
from typing import Any

from app import cli, control
from app.errors import AppError, ErrorCode
from app.paths import Profile
from tests.e2e.ringdown import DONE, FAILED, NO_APP, Answer, Ringdown

_BY_PROCESS = {"provision", "sign-in", "quit"}


class Quick(Ringdown):
    """A profile whose commands take milliseconds."""

    def run(self, *arguments: str, timeout: float = 60.0) -> Answer:
        """One command, as `Ringdown.run`."""
        command, *rest = arguments
        # The socket lies in the runtime folder of the app's environment, not of this process's.
        os.environ["XDG_RUNTIME_DIR"] = self.env.get("XDG_RUNTIME_DIR", "")
        if command in _BY_PROCESS:
            return super().run(*arguments, timeout=timeout)
        options = vars(cli.parser().parse_args([command, "--data-dir", str(self.folder), "--json", *rest]))
        options = {name: value for name, value in options.items() if name not in {"data_dir", "json", "demo"}}
        for words in ("body", "text"):
            if isinstance(options.get(words), list):
                options[words] = " ".join(options[words])
        request: dict[str, Any] = {name: value for name, value in options.items() if value is not None}
        try:
            answer = control.ask(Profile(self.folder).socket, request, timeout)
        except AppError as error:
            return Answer(NO_APP if error.code is ErrorCode.NO_RUNNING_APP else FAILED, "", error.code.value)
        out = json.dumps(answer.get("result"))
        return Answer(DONE if answer["ok"] else FAILED, out, "" if answer["ok"] else str(answer.get("message")))

"""Runs a program on a terminal of its own: `on_terminal.py COLUMNS PROGRAM ARGUMENT…`.

Prints as JSON what was on the screen in the end (`screen`), every text that was taken away again from the line it stood on
(`erased`), how long it ran in seconds, and its exit code. It knows what `wsplan` writes: text, CR, LF, the erasure of the
rest of a line, and colours; anything else is an error.
"""

import fcntl
import json
import os
import pty
import re
import struct
import sys
import termios
import time

columns, command = int(sys.argv[1]), sys.argv[2:]
started = time.monotonic()
child, terminal = pty.fork()
if child == 0:
    fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
    os.environ["TERM"] = "xterm"
    os.execv(command[0], command)
written = b""
while True:
    try:
        piece = os.read(terminal, 65536)
    except OSError:  # The other side is closed.
        break
    if not piece:
        break
    written += piece
code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
seconds = time.monotonic() - started

screen, line, column, erased = [], "", 0, []
for token in re.findall(r"\x1b\[[0-9;]*[A-Za-z]|[\r\n]|[^\r\n\x1b]+|.", written.decode(), re.DOTALL):
    if token == "\r":
        column = 0
    elif token == "\n":
        screen.append(line)
        line, column = "", 0
    elif token == "\x1b[K":
        erased.append(line[column:])
        line = line[:column]
    elif token.startswith("\x1b["):
        assert token.endswith("m"), repr(token)
    else:
        assert token.isprintable(), repr(token)
        assert column == len(line), f"{token!r} is written over {line!r}"
        line += token
        column = len(line)
        assert column < columns or not re.match(r"[0-9.]+m?s: ", line), f"{line!r} fills {columns} columns"
print(json.dumps({"screen": screen + ([line] if line else []), "erased": erased, "seconds": seconds, "code": code}))

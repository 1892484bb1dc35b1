"""A file as a multipart body, built without I/O."""

import hashlib

from wxkf.protocol.call import File

_UNSAFE = str.maketrans({'"': "%22", "\r": "%0D", "\n": "%0A"})


def encode(file: File) -> tuple[str, bytes]:
    """Give content type and body. The boundary is a digest of the content, so it cannot occur in it by accident."""
    boundary = f"wxkf-{hashlib.sha256(file.content).hexdigest()}"
    name = file.name.translate(_UNSAFE)
    head = (
        f"--{boundary}\r\n"
        f'Content-Disposition: form-data; name="media"; filename="{name}"; filelength={len(file.content)}\r\n'
        f"Content-Type: {file.content_type}\r\n\r\n"
    )
    body = b"".join((head.encode(), file.content, f"\r\n--{boundary}--\r\n".encode()))
    return f"multipart/form-data; boundary={boundary}", body

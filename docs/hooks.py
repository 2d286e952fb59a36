"""What MkDocs is told besides mkdocs.yml: links that leave docs/, pictures of the notebooks, and the javadoc.

A link to a file of the repository goes to its public address, or into the checkout while `pom.xml` has no address.
"""

import os
import posixpath
import re
import zipfile
from pathlib import Path

from mkdocs.structure.files import File

DOCS = Path(__file__).resolve().parent
ROOT = DOCS.parent
SITE = ROOT / "target" / "site"
LINK = re.compile(r"(!?)(\[[^\]]*\])\(([^)\s#]+)(#[^)\s]*)?\)")
ADDRESS = re.search(r"<repository\.address>(.*?)</", (ROOT / "pom.xml").read_text(encoding="utf-8")).group(1)
PICTURES = ROOT / "notebooks" / "pictures"


def on_config(config):
    if "OWNER" not in ADDRESS:
        config.repo_url = ADDRESS
        config.repo_name = "Sources"
    return config


def on_files(files, config):
    for picture in sorted(PICTURES.glob("*.*")):
        files.append(File.generated(config, f"pictures/{picture.name}", abs_src_path=str(picture)))
    return files


def on_page_markdown(markdown, page, config, files):
    folder = (DOCS / page.file.src_uri).parent

    def rewritten(match):
        image, label, target, anchor = match.groups()
        path = Path(os.path.normpath(folder / target))
        if "://" in target or target.startswith("mailto:") or path.is_relative_to(DOCS):
            return match.group(0)
        if image and path.parent == PICTURES:
            here = posixpath.dirname(page.file.src_uri)
            return f"!{label}({posixpath.relpath('pictures/' + path.name, here or '.')})"
        inside = path.relative_to(ROOT).as_posix()
        if "OWNER" not in ADDRESS:
            return f"{label}({ADDRESS}/blob/HEAD/{inside}{anchor or ''})"
        return f'<a href="{os.path.relpath(path, (SITE / page.file.dest_uri).parent)}">{label[1:-1]}</a>'

    if page.file.src_uri == "javadoc.md" and javadoc() is not None:
        markdown += '\n## On this site\n\n<a href="api/index.html">All packages</a>\n'
    fence = re.compile(r"(```.*?```)", re.DOTALL)
    parts = fence.split(markdown)
    return "".join(part if part.startswith("```") else LINK.sub(rewritten, part) for part in parts)


def on_post_build(config):
    jar = javadoc()
    if jar is not None:
        with zipfile.ZipFile(jar) as archive:
            archive.extractall(Path(config.site_dir) / "api")


def javadoc():
    jars = sorted((ROOT / "toolkit" / "target").glob("lorikeet-*-javadoc.jar"))
    return jars[-1] if jars else None

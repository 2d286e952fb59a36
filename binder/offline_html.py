"""Exports a notebook as one HTML file that is whole without the network.

Formulas are written as MathML, which browsers draw themselves, and pictures are put into the file.
nbconvert's own template loads scripts from a server for both and for diagrams that our notebooks
do not have.
"""

import re
from pathlib import Path

from jinja2 import pass_context
from latex2mathml.converter import convert
from nbconvert import HTMLExporter
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

IMAGE = re.compile(r"""(<img\b[^>]*?\bsrc=["'])([^"']+)""")

TEMPLATE = """
{%- extends 'lab/index.html.j2' -%}
{%- block html_head_js -%}{%- endblock -%}
{%- block extra_css -%}<style>math { font-size: 1.2em }</style>{%- endblock -%}
{%- block html_head_js_mathjax -%}{%- endblock -%}
{%- block html_head_js_mermaidjs -%}{%- endblock -%}
"""


def mathml(formula: str, display: str) -> str:
    try:
        return convert(formula.strip(), display=display)
    except Exception as e:
        raise ValueError(f"This formula cannot be written as MathML: {formula}") from e


class MathRenderer(IPythonRenderer):
    """Renders formulas as MathML."""

    def block_math(self, body: str) -> str:
        return mathml(body, "block")

    def inline_math(self, body: str) -> str:
        return mathml(body, "inline")

    def latex_environment(self, name: str, body: str) -> str:
        return mathml(f"\\begin{{{name}}}{body}\\end{{{name}}}", "block")

    def _html_embed_images(self, html: str) -> str:
        # The original parses each piece of HTML by itself and so closes a <details> before its content.
        return IMAGE.sub(lambda image: image[1] + (self._src_to_base64(image[2]) or image[2]), html)


class OfflineHTMLExporter(HTMLExporter):
    def __init__(self, **settings) -> None:
        super().__init__(embed_images=True, raw_template=TEMPLATE, **settings)

    @pass_context
    def markdown2html(self, context, source: str) -> str:
        """Renders as the method that it replaces does, but for formulas."""
        renderer = MathRenderer(
            escape=False,
            attachments=context.get("cell", {}).get("attachments", {}),
            embed_images=self.embed_images,
            path=context.get("resources", {}).get("metadata", {}).get("path", ""),
            anchor_link_text=self.anchor_link_text,
            exclude_anchor_links=self.exclude_anchor_links,
            **self.lexer_options,
        )
        return MarkdownWithMath(renderer=renderer).render(source)


def offline_html(notebook, name: str, folder: Path) -> str:
    """The HTML of a notebook whose pictures lie in a folder."""
    html, _ = OfflineHTMLExporter().from_notebook_node(
        notebook, {"metadata": {"name": name, "path": str(folder)}}
    )
    return html

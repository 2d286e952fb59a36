"""Writes expected.json: what transformers makes of the templates beside this file. Run by hand with a Python that has it."""
import json
from pathlib import Path

from transformers.utils.chat_template_utils import render_jinja_template

HERE = Path(__file__).parent


def said(*turns):
    roles = {"s": "system", "u": "user", "a": "assistant", "t": "tool"}
    return [{"role": roles[role], "content": content} for role, content in turns]


CHATS = [
    said(("u", "Hello!")),
    said(("s", " Be brief. "), ("u", '  Is 2 < 3 && "x"?\n')),
    said(("u", "One"), ("a", "False"), ("u", "Two"), ("a", "0")),
    said(("s", "S"), ("u", "One"), ("a", "<think>\nhm\n</think>\n\n Ün\n"), ("u", "{{ x }} {% if %}\n\n"), ("a", "It's \\n fine")),
    said(("u", "a"), ("u", "b")),
    said(("a", "I begin")),
    said(("u", "One\u00a0"), ("a", "日本 🦜"), ("t", "21 °C"), ("t", "22"), ("u", "Two")),
]


def outcome(template, messages, prompt):
    try:
        texts, _ = render_jinja_template(
            [messages], chat_template=template, add_generation_prompt=prompt, bos_token="<s>", eos_token="</s>")
        return {"text": texts[0]}
    except Exception as error:
        return {"error": str(error)}


expected = {}
for file in sorted(HERE.glob("*.jinja")):
    template = file.read_text()
    expected[file.name] = [
        {"chat": number, "prompt": prompt, **outcome(template, messages, prompt)}
        for number, messages in enumerate(CHATS)
        for prompt in (False, True)
    ]
with open(HERE / "expected.json", "w") as out:
    json.dump({"chats": CHATS, "expected": expected}, out, ensure_ascii=False, indent=1)
    out.write("\n")

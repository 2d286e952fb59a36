"""Lets llama.cpp, by the wheel xllamacpp, continue prompts with GGUF files, alone or with an adapter.

    python family_llama_cpp.py TASKS ANSWERS

TASKS is a JSON list of {"model", "adapter" or null, "prompt", "ids", "tokens"}; ANSWERS gets a line of JSON for each task as
soon as it is done: {"prompt": ids of the prompt, "greedy": ids that follow} or {"error": text}.
"""

import json
import sys
import urllib.request

import xllamacpp

CONTEXT = 256  # what llama.cpp rounds less up to


def server(model: str, adapter: str | None) -> xllamacpp.Server:
    settings = xllamacpp.CommonParams()
    settings.model.path = model
    settings.n_ctx = CONTEXT
    settings.n_parallel = 1
    settings.cpuparams.n_threads = 1
    settings.cpuparams_batch.n_threads = 1
    settings.cache_type_k = settings.cache_type_v = xllamacpp.ggml_type.GGML_TYPE_F32
    settings.flash_attn_type = xllamacpp.llama_flash_attn_type.LLAMA_FLASH_ATTN_TYPE_DISABLED  # it rounds to float16
    settings.fit_params = False
    settings.warmup = False
    settings.verbosity = 1
    if adapter:
        settings.lora_adapters = [xllamacpp.CommonAdapterLoraInfo(adapter, 1.0)]
    return xllamacpp.Server(settings)


def answer(task: dict) -> dict:
    running = server(task["model"], task["adapter"])

    def ask(path: str, **request: object) -> dict:
        post = urllib.request.Request(running.listening_address + path, json.dumps(request).encode(),
                                      {"Content-Type": "application/json"})
        with urllib.request.urlopen(post) as reply:
            return json.load(reply)

    cut = ask("/tokenize", content=task["prompt"], add_special=True, parse_special=True)["tokens"]
    wanted = {"n_predict": task["tokens"], "temperature": 0, "return_tokens": True, "cache_prompt": False}
    return {"prompt": cut, "greedy": ask("/completion", prompt=task["ids"], **wanted)["tokens"]}


def main() -> None:
    tasks, answers = sys.argv[1:]
    with open(tasks, encoding="utf-8") as file, open(answers, "a", encoding="utf-8") as out:
        for task in json.load(file):
            try:
                reply = answer(task)
            except (RuntimeError, OSError) as error:
                reply = {"error": str(error)}
            print(json.dumps(reply), file=out, flush=True)


if __name__ == "__main__":
    main()

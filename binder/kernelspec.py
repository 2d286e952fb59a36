"""Writes the kernelspec `java`: JJava with the toolkit on its classpath.

JJava's own launcher takes whatever `java` is first on the PATH; this one names the JDK that
binder/lab has checked.
"""

import argparse
import json
import os
from pathlib import Path

# For glibc; others do not know it. Large pages: a third of the page faults of a training step, and no slower anywhere. (One heap
# for all threads on top of it, MALLOC_ARENA_MAX=1, decodes 1.4 times as fast, but makes a step in bfloat16 1.3 times as slow.)
ALLOCATOR = {"GLIBC_TUNABLES": "glibc.malloc.hugetlb=1"}


def classpath(kernel: Path, jar: Path, natives: str, spark: Path | None) -> str:
    target = jar.parent
    runtime = sorted((target / "runtime").glob("*.jar"))
    if natives == "cuda":
        # DJL takes CPU natives that it finds on the classpath even where there is a GPU.
        runtime = [path for path in runtime if not path.name.startswith("pytorch-native-cpu")]
    first = []
    if spark:
        # Spark has a logger of its own. Its jars come first: what both use must be in the version that suits it.
        runtime = [path for path in runtime if not path.name.startswith("slf4j-jdk14")]
        first = [spark.parent / "spark" / "*", spark]
    entries = [kernel / "jjava.jar", *first, jar, target / "lib" / "*", *runtime]
    return os.pathsep.join(map(str, entries))


def write(file: Path, text: str) -> None:
    """Writes the whole file at once: another notebook may start while this one sets up."""
    part = file.with_suffix(f".{os.getpid()}.part")
    part.write_text(text, encoding="utf-8")
    os.replace(part, file)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--prefix", type=Path, required=True)
    parser.add_argument("--java", required=True)
    parser.add_argument("--jar", type=Path, required=True)
    parser.add_argument("--natives", choices=["cpu", "cuda"], required=True)
    parser.add_argument("--logging", required=True)
    parser.add_argument("--spark", type=Path, help="jar of lorikeet-spark: write the kernelspec java-spark")
    args = parser.parse_args()

    kernels = args.prefix / "share" / "jupyter" / "kernels"
    kernel = kernels / ("java-spark" if args.spark else "java")
    kernel.mkdir(parents=True, exist_ok=True)
    spec = {
        "argv": [
            args.java,
            "--add-opens",
            "jdk.jshell/jdk.jshell=ALL-UNNAMED",
            "--enable-native-access=ALL-UNNAMED",
            "-Djava.awt.headless=true",
            # Tensors are outside the heap: a small heap, given back when it is not needed, leaves them the memory.
            "-XX:+UseSerialGC",
            "-Xms32m",
            "-XX:MinHeapFreeRatio=10",
            "-XX:MaxHeapFreeRatio=20",
            # Whatever the locale: tables have characters beyond ASCII.
            "-Dfile.encoding=UTF-8",
            f"-Djava.util.logging.config.file={args.logging}",
            *([f"-Dlog4j2.configurationFile={Path(__file__).resolve().with_name('spark-logging.properties')}"] if args.spark else []),
            "-cp",
            classpath(kernels / "java", args.jar, args.natives, args.spark),
            "org.dflib.jjava.distro.JJava",
            "{connection_file}",
        ],
        "display_name": "Java (Lorikeet on Spark)" if args.spark else "Java (Lorikeet)",
        "language": "java",
        "interrupt_mode": "message",
        "env": {
            # The toolkit finds the default model in the environment that it is told here.
            "VIRTUAL_ENV": str(args.prefix),
            **ALLOCATOR,
            # Executors on this machine find each other whatever its name stands for.
            **({"SPARK_LOCAL_IP": "127.0.0.1"} if args.spark else {}),
        },
        "metadata": {"debugger": False},
    }
    write(kernel / "kernel.json", json.dumps(spec, indent=2) + "\n")


if __name__ == "__main__":
    main()

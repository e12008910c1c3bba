"""How the time of a whole build grows with the number of articles: time a page at 500, 1,000 and 2,000 articles.

Growth is the ratio of the time a page to that at the smallest size, in one run; about 1.0 is linear.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from synthetic import write_archive

from generator.config import find_archive
from generator.publish.site import build_site

SIZES = (500, 1000, 2000)


def main() -> None:
    """Print a table: articles, pages, seconds, milliseconds a page, growth, and where the time went."""
    first = None
    print(f"{'articles':>9} {'pages':>7} {'s':>8} {'ms/page':>8} {'growth':>7}  stages")
    for articles in SIZES:
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder) / "archive"
            write_archive(root, articles, entries=articles // 4)
            start = time.perf_counter()
            built = build_site(find_archive(root))
            seconds = time.perf_counter() - start
        per_page = seconds / built.pages
        first = first or per_page
        stages = ", ".join(f"{stage} {spent:.1f}" for stage, spent in built.timings)
        print(
            f"{articles:>9,} {built.pages:>7,} {seconds:>8.1f} {1000 * per_page:>8.2f} "
            f"{per_page / first:>7.2f}  {stages}"
        )


if __name__ == "__main__":
    main()

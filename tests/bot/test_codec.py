"""Records are read by several threads at once."""

import subprocess
import sys

# msgspec 0.22 crashed the process in 8 of 10 runs of this when each thread made its own decoder
PROGRAM = """
import sys, threading
from datetime import datetime, UTC
sys.setswitchinterval(1e-6)
from bot.store.codec import dump, load
from extract.types import ArticleRef, Codes, Incident, Lifecycle, Member, News, Report
report = Report(news=News.EVENT, kind="bombing", codes=Codes())
at = datetime(2026, 1, 1, tzinfo=UTC)
member = dump(Member(article=ArticleRef(id="x"), report=report))
incident = dump(Incident(id="a", version=1, lifecycle=Lifecycle.NEW, first_seen=at, last_seen=at, facts=report,
                         origins=1, articles=(ArticleRef(id="x"),)))
start = threading.Barrier(4)
def read(n):
    start.wait()
    load(incident, Incident) if n % 2 else load(member, Member)
threads = [threading.Thread(target=read, args=(n,)) for n in range(4)]
for thread in threads: thread.start()
for thread in threads: thread.join()
"""


def test_threads_that_read_a_type_for_the_first_time_do_not_crash():
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, "")

"""Posts: which accounts post the same addresses or texts together more often than chance allows, which of them hang
together, what crosses between such groups, and on which days accounts were created in numbers.

Co-posting is what is measured. It says nothing of who is behind an account: friends, readers of one feed and a planned
campaign all co-post.
"""

from wiretrace.trace.posts.tables import posts

__all__ = ["posts"]

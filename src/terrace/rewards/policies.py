"""What is worth how much growth."""

from terrace.forum.queries.standing import Standing

REPLIES_A_DAY = 10  # more on one day (of the installation's time zone) earn nothing
TOPIC, REPLY, REACTION, ANSWER, FEATURED, DAY = 5, 2, 1, 15, 30, 3


def growth_of(standing: Standing) -> int:
    """Return the growth that present counts make.

    5 for each topic, 2 for each reply (at most ten a day), 1 for each reaction received, 15 for each reply that is the
    answer, 30 for each featured topic, 3 for each day with a post. What is taken away takes its growth with it.
    """
    return (
        TOPIC * standing.topics
        + REPLY * standing.replies
        + REACTION * standing.reactions
        + ANSWER * standing.answers
        + FEATURED * standing.featured
        + DAY * standing.days
    )

"""What the engine refuses, said with place and remedy."""


class TariffError(ValueError):
    """A rate table that cannot be read.

    ``place`` is the path inside the table (``components[2].blocks[1]``), ``problem`` what is wrong
    there and ``remedy`` what to write instead.
    """

    def __init__(self, place: str, problem: str, remedy: str) -> None:
        super().__init__(place, problem, remedy)
        self.place = place
        self.problem = problem
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.place or 'the rate table'}: {self.problem} {self.remedy}"


class RatingError(ValueError):
    """Facts that a charge needs and that are missing or fit no row; never a silent zero.

    ``component`` is the id of the charge being worked, or ``use`` or the name of a derived figure.
    """

    def __init__(self, component: str, problem: str, remedy: str) -> None:
        super().__init__(component, problem, remedy)
        self.component = component
        self.problem = problem
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.component}: {self.problem} {self.remedy}"

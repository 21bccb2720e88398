"""A plugin that raises something that is not even an exception."""


class NotEvenAnException(BaseException):
    pass


raise NotEvenAnException("odd")

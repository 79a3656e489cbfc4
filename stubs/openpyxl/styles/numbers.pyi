BUILTIN_FORMATS: dict[int, str]

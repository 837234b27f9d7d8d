"""Field types of the content app."""

from typing import Any

from wagtail.fields import StreamField as WagtailStreamField


class StreamField(WagtailStreamField):
    """A StreamField whose blocks never show up in a migration.

    The column is JSON whatever the blocks are; freezing block definitions would add a migration for every
    new help text. A data migration that needs the old blocks works on the raw JSON instead.
    """

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        name, path, _args, kwargs = super().deconstruct()
        for option in (
            "block_types",
            "block_lookup",
            "min_num",
            "max_num",
            "block_counts",
            "collapsed",
        ):
            kwargs.pop(option, None)
        return name, path, [[]], kwargs

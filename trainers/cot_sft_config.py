"""Configuration of the one trainer that all methods share."""

from dataclasses import dataclass, field
from typing import Any

from trl import SFTConfig

from trainers.method import Normaliser


@dataclass
class CoTSFTConfig(SFTConfig):
    """Configuration class for [`CoTSFTTrainer`].

    Only the parameters specific to it are listed here; all others are [`trl.SFTConfig`]'s.

    Args:
        group_weights (`dict[str, float]`):
            Weight of each loss group, in the order of the indices in the `loss_groups` column.
        normaliser (`str`, *optional*, defaults to `"group"`):
            `"group"` divides a group's losses by its targets in the step, `"row"` each row's by all
            of its targets and then by the rows of the step.
        lr_decay_per_epoch (`float`, *optional*):
            Multiply the learning rate by this after every epoch, in place of `lr_scheduler_type`.
        micro_batch_rows (`int`, *optional*, defaults to 16):
            Rows that a rank runs at once. `per_device_train_batch_size` counts the records of a
            whole step, over all ranks.
        micro_batch_tokens (`int`, *optional*):
            Padded tokens that a rank runs at once, in place of `micro_batch_rows`.
    """

    group_weights: dict[str, float] = field(
        default_factory=lambda: {"target": 1.0},
        metadata={"help": "Weight of each loss group, in the order of their indices."},
    )
    normaliser: Normaliser = field(
        default="group", metadata={"help": "What losses are divided by: `group` or `row`."}
    )
    lr_decay_per_epoch: float | None = field(
        default=None,
        metadata={"help": "Multiply the learning rate by this after every epoch."},
    )
    micro_batch_rows: int = field(default=16, metadata={"help": "Rows that a rank runs at once."})
    micro_batch_tokens: int | None = field(
        default=None, metadata={"help": "Padded tokens that a rank runs at once."}
    )
    # Rows come encoded, with a column that no model's forward knows.
    remove_unused_columns: bool = field(default=False)

    # The rows' own collator does what TRL's preparation would do.
    dataset_kwargs: dict[str, Any] | None = field(
        default_factory=lambda: {"skip_prepare_dataset": True}
    )

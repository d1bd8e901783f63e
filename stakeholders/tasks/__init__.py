"""Clock jobs of stakeholders: invitations that nobody answered, lists that wait to be imported."""

from stakeholders.tasks.imports import forget_imports, work_imports
from stakeholders.tasks.mandates import lapse_mandates

__all__ = ["forget_imports", "lapse_mandates", "work_imports"]

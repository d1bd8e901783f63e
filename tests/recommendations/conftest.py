"""The scene for the tests from submission to adoption."""

import pytest

from tests.conftest import Cast
from tests.recommendations.scene import Scene, make_scene


@pytest.fixture
def scene(cast: Cast) -> Scene:
    """Return a consultation with its statement, two accepted organisations and three submissions."""
    return make_scene(cast)

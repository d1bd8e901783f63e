"""Static files: each name carries its content's digest, so that browsers may keep it for a year."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class Statics(CompressedManifestStaticFilesStorage):
    """Falls back to the plain name where the manifest does not know a file: a page must never fail for that."""

    manifest_strict = False

    def stored_name(self, name: str) -> str:
        """Return the name with its digest, or the plain one before static files were collected."""
        try:
            return super().stored_name(name)
        except ValueError:
            return name

"""Files of this checkout."""
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TEMPLATE = ROOT / "sam-template.yaml"
CONFIG = ROOT / "samconfig.toml"
OPERATIONS_ZIP = ROOT / "functions/operations/target/operations.zip"
ZIPS = [ROOT / f"functions/{name}/target/{name}.zip" for name in ("api", "export", "ingest")] + [OPERATIONS_ZIP]


def answers_file(stack: str) -> Path:
    """Returns the file with the answers of infra/deploy. One file a stack, which git ignores, so that an upgrade changes none."""
    return ROOT / f"samconfig.{stack}.toml"

"""Files as a source: CSV, Excel and Parquet read as a mapping says (see docs/mappings.md)."""

from connectors.files.connector import FilesConnector
from connectors.files.dump import dumps as dump_mapping
from connectors.files.errors import MappingError
from connectors.files.parse import load as load_mapping
from connectors.files.parse import loads as read_mapping
from connectors.files.spec import Mapping

__all__ = ["FilesConnector", "Mapping", "MappingError", "dump_mapping", "load_mapping", "read_mapping"]

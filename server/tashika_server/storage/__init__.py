"""The register's memory: peewee models, migrations, unit of work, the writer. Nothing of it leaks out.

``open_store`` opens a data folder or a PostgreSQL URL as the port ``Store``; ``FolderBlobs`` is the port ``Blobs``.
"""

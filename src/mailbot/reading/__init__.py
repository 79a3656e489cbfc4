"""From raw bytes to facts: headers, attachments, workbooks, documents, PDFs, in workers with limits."""

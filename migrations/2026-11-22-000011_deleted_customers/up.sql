-- Deleted customers are few; the administrator lists them.
CREATE INDEX customers_deleted ON customers (updated_at, id) WHERE deleted_at IS NOT NULL;

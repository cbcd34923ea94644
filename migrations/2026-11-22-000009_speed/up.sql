-- What a clearance keeps out of a company-wide list, and ownership lets in again, is little: found by its level.
CREATE INDEX customers_security ON customers (security_level);
CREATE INDEX opportunities_security ON opportunities (security_level);
CREATE INDEX activities_security ON activities (security_level);
CREATE INDEX quotes_security ON quotes (security_level);
CREATE INDEX contracts_security ON contracts (security_level);
CREATE INDEX registration_attempts_security ON registration_attempts (security_level);
-- A page of a unit's activities and attempts comes from its own index, as those of its other records do.
CREATE INDEX activities_unit ON activities (unit_id, happened_at, id);
CREATE INDEX registration_attempts_unit ON registration_attempts (unit_id, attempted_at, id);

"""the first schema."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0001'
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('job',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('key', sa.String(length=200), nullable=False),
    sa.Column('arguments', sa.JSON(), nullable=False),
    sa.Column('state', sa.String(length=20), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('error', sa.Text(), nullable=False),
    sa.Column('created_at', sa.BigInteger(), nullable=False),
    sa.Column('lease_until', sa.BigInteger(), nullable=True),
    sa.Column('finished_at', sa.BigInteger(), nullable=True),
    sa.CheckConstraint("state IN ('queued', 'running', 'done', 'failed')", name=op.f('ck_job_state_known')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_job')),
    sa.UniqueConstraint('key', name=op.f('uq_job_key'))
    )
    with op.batch_alter_table('job', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_job_state'), ['state'], unique=False)

    op.create_table('opening',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('salt', sa.LargeBinary(length=32), nullable=True),
    sa.Column('text', sa.Text(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_opening'))
    )
    op.create_table('organisation',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('created_at', sa.BigInteger(), nullable=False),
    sa.CheckConstraint("kind IN ('vendor', 'assessor', 'operator')", name=op.f('ck_organisation_kind_known')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_organisation')),
    sa.UniqueConstraint('name', name=op.f('uq_organisation_name'))
    )
    op.create_table('person',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('password_hash', sa.String(length=200), nullable=True),
    sa.Column('created_at', sa.BigInteger(), nullable=False),
    sa.Column('disabled_at', sa.BigInteger(), nullable=True),
    sa.CheckConstraint('email = lower(email)', name=op.f('ck_person_email_lower')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_person')),
    sa.UniqueConstraint('email', name=op.f('uq_person_email'))
    )
    op.create_table('report_file',
    sa.Column('key', sa.String(length=200), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('key', name=op.f('pk_report_file'))
    )
    op.create_table('ledger_entry',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('at', sa.BigInteger(), nullable=False),
    sa.Column('kind', sa.String(length=60), nullable=False),
    sa.Column('digest', sa.LargeBinary(length=32), nullable=False),
    sa.Column('opening_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['opening_id'], ['opening.id'], name=op.f('fk_ledger_entry_opening_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ledger_entry'))
    )
    op.create_table('mail_token',
    sa.Column('token_hash', sa.LargeBinary(length=32), nullable=False),
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('purpose', sa.String(length=20), nullable=False),
    sa.Column('expires_at', sa.BigInteger(), nullable=False),
    sa.Column('used_at', sa.BigInteger(), nullable=True),
    sa.CheckConstraint("purpose IN ('invitation', 'reset')", name=op.f('ck_mail_token_purpose_known')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_mail_token_person_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('token_hash', name=op.f('pk_mail_token'))
    )
    op.create_table('membership',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('organisation_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('role', sa.String(length=30), nullable=False),
    sa.Column('state', sa.String(length=20), nullable=False),
    sa.Column('since', sa.BigInteger(), nullable=False),
    sa.CheckConstraint("role IN ('lead', 'contributor', 'executive', 'assessor', 'technical_reviewer', 'signing_assessor', 'administrator')", name=op.f('ck_membership_role_known')),
    sa.CheckConstraint("state IN ('invited', 'active', 'suspended')", name=op.f('ck_membership_state_known')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_membership_organisation_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_membership_person_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_membership')),
    sa.UniqueConstraint('person_id', 'organisation_id', 'role', name=op.f('uq_membership_person_id_organisation_id_role'))
    )
    with op.batch_alter_table('membership', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_membership_organisation_id'), ['organisation_id'], unique=False)

    op.create_table('session',
    sa.Column('token_hash', sa.LargeBinary(length=32), nullable=False),
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('created_at', sa.BigInteger(), nullable=False),
    sa.Column('idle_until', sa.BigInteger(), nullable=False),
    sa.Column('absolute_until', sa.BigInteger(), nullable=False),
    sa.Column('factor_at', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_session_person_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('token_hash', name=op.f('pk_session'))
    )
    with op.batch_alter_table('session', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_session_person_id'), ['person_id'], unique=False)

    op.create_table('target',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('vendor_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.ForeignKeyConstraint(['vendor_id'], ['organisation.id'], name=op.f('fk_target_vendor_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_target')),
    sa.UniqueConstraint('vendor_id', 'name', name=op.f('uq_target_vendor_id_name'))
    )
    op.create_table('assessment',
    sa.Column('id', sa.String(length=20), nullable=False),
    sa.Column('vendor_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('assessor_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('target_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('target_version', sa.String(length=100), nullable=False),
    sa.Column('questionnaire', sa.String(length=100), nullable=False),
    sa.Column('questionnaire_digest', sa.String(length=64), nullable=False),
    sa.Column('profile', sa.String(length=100), nullable=False),
    sa.Column('profile_digest', sa.String(length=64), nullable=False),
    sa.Column('status', sa.String(length=20), nullable=False),
    sa.Column('goal', sa.String(length=20), nullable=False),
    sa.Column('scope', sa.Text(), nullable=False),
    sa.Column('exclusions', sa.Text(), nullable=False),
    sa.Column('requests', sa.Text(), nullable=False),
    sa.Column('period_from', sa.Date(), nullable=True),
    sa.Column('period_to', sa.Date(), nullable=True),
    sa.Column('created_at', sa.BigInteger(), nullable=False),
    sa.Column('updated_at', sa.BigInteger(), nullable=False),
    sa.Column('headline', sa.JSON(), nullable=False),
    sa.CheckConstraint("status IN ('planned', 'draft', 'submitted', 'in_review', 'returned', 'accepted')", name=op.f('ck_assessment_status_known')),
    sa.CheckConstraint('assessor_id IS NULL OR assessor_id <> vendor_id', name=op.f('ck_assessment_two_organisations')),
    sa.ForeignKeyConstraint(['assessor_id'], ['organisation.id'], name=op.f('fk_assessment_assessor_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['target_id'], ['target.id'], name=op.f('fk_assessment_target_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['vendor_id'], ['organisation.id'], name=op.f('fk_assessment_vendor_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_assessment'))
    )
    with op.batch_alter_table('assessment', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_assessment_assessor_id_assessment_created_at'), ['assessor_id', 'created_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_assessment_vendor_id_assessment_created_at'), ['vendor_id', 'created_at'], unique=False)

    op.create_table('unit',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('target_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.ForeignKeyConstraint(['target_id'], ['target.id'], name=op.f('fk_unit_target_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_unit')),
    sa.UniqueConstraint('target_id', 'name', name=op.f('uq_unit_target_id_name'))
    )
    op.create_table('assessment_unit',
    sa.Column('assessment_id', sa.String(length=20), nullable=False),
    sa.Column('unit_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['assessment_id'], ['assessment.id'], name=op.f('fk_assessment_unit_assessment_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['unit_id'], ['unit.id'], name=op.f('fk_assessment_unit_unit_id'), ondelete='RESTRICT'),
    sa.UniqueConstraint('assessment_id', 'unit_id', name=op.f('uq_assessment_unit_assessment_id_unit_id'))
    )
    op.create_table('conclusion',
    sa.Column('assessment_id', sa.String(length=20), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('sentences', sa.JSON(), nullable=False),
    sa.Column('author_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('at', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['assessment_id'], ['assessment.id'], name=op.f('fk_conclusion_assessment_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['author_id'], ['person.id'], name=op.f('fk_conclusion_author_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('assessment_id', name=op.f('pk_conclusion'))
    )
    op.create_table('event',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('at', sa.BigInteger(), nullable=False),
    sa.Column('kind', sa.String(length=60), nullable=False),
    sa.Column('actor_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('organisation_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('assessment_id', sa.String(length=20), nullable=True),
    sa.Column('subject', sa.String(length=120), nullable=False),
    sa.Column('opening_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('idempotency_key', sa.String(length=64), nullable=True),
    sa.ForeignKeyConstraint(['actor_id'], ['person.id'], name=op.f('fk_event_actor_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['assessment_id'], ['assessment.id'], name=op.f('fk_event_assessment_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['opening_id'], ['opening.id'], name=op.f('fk_event_opening_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_event_organisation_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_event')),
    sa.UniqueConstraint('assessment_id', 'idempotency_key', name=op.f('uq_event_assessment_id_idempotency_key'))
    )
    op.create_table('independence_statement',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('assessment_id', sa.String(length=20), nullable=False),
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('opening_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('at', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['assessment_id'], ['assessment.id'], name=op.f('fk_independence_statement_assessment_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['opening_id'], ['opening.id'], name=op.f('fk_independence_statement_opening_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_independence_statement_person_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_independence_statement'))
    )
    with op.batch_alter_table('independence_statement', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_independence_statement_assessment_id'), ['assessment_id'], unique=False)

    op.create_table('response',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('assessment_id', sa.String(length=20), nullable=False),
    sa.Column('question_id', sa.String(length=60), nullable=False),
    sa.Column('unit_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('option_id', sa.String(length=20), nullable=True),
    sa.Column('justification', sa.Text(), nullable=False),
    sa.Column('na_reason', sa.Text(), nullable=False),
    sa.Column('facts', sa.Text(), nullable=False),
    sa.Column('standing', sa.String(length=20), nullable=False),
    sa.Column('standing_detail', sa.JSON(), nullable=True),
    sa.Column('is_asked', sa.Boolean(), nullable=False),
    sa.Column('is_returned', sa.Boolean(), nullable=False),
    sa.Column('assignee_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('answered_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('answered_at', sa.BigInteger(), nullable=True),
    sa.CheckConstraint("option_id <> 'na' OR na_reason <> ''", name=op.f('ck_response_na_has_reason')),
    sa.CheckConstraint("standing IN ('direct', 'inherited', 'other_means')", name=op.f('ck_response_standing_known')),
    sa.ForeignKeyConstraint(['answered_by'], ['person.id'], name=op.f('fk_response_answered_by'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['assessment_id'], ['assessment.id'], name=op.f('fk_response_assessment_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['assignee_id'], ['person.id'], name=op.f('fk_response_assignee_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['unit_id'], ['unit.id'], name=op.f('fk_response_unit_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_response')),
    sa.UniqueConstraint('assessment_id', 'question_id', 'unit_id', name=op.f('uq_response_assessment_id_question_id_unit_id'))
    )
    op.create_table('snapshot',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('assessment_id', sa.String(length=20), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=20), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('author_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('at', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['assessment_id'], ['assessment.id'], name=op.f('fk_snapshot_assessment_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['author_id'], ['person.id'], name=op.f('fk_snapshot_author_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_snapshot')),
    sa.UniqueConstraint('assessment_id', 'number', name=op.f('uq_snapshot_assessment_id_number'))
    )
    op.create_table('acceptance',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('assessment_id', sa.String(length=20), nullable=False),
    sa.Column('snapshot_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('reviewer_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('at', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['assessment_id'], ['assessment.id'], name=op.f('fk_acceptance_assessment_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['reviewer_id'], ['person.id'], name=op.f('fk_acceptance_reviewer_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['snapshot_id'], ['snapshot.id'], name=op.f('fk_acceptance_snapshot_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_acceptance'))
    )
    with op.batch_alter_table('acceptance', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_acceptance_assessment_id'), ['assessment_id'], unique=False)

    op.create_table('representation',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('snapshot_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('opening_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('at', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['opening_id'], ['opening.id'], name=op.f('fk_representation_opening_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_representation_person_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['snapshot_id'], ['snapshot.id'], name=op.f('fk_representation_snapshot_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_representation'))
    )
    with op.batch_alter_table('representation', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_representation_snapshot_id'), ['snapshot_id'], unique=False)

    op.create_table('response_return',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('response_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('opening_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('author_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('at', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['author_id'], ['person.id'], name=op.f('fk_response_return_author_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['opening_id'], ['opening.id'], name=op.f('fk_response_return_opening_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['response_id'], ['response.id'], name=op.f('fk_response_return_response_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_response_return'))
    )
    with op.batch_alter_table('response_return', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_response_return_response_id'), ['response_id'], unique=False)

    op.create_table('response_revision',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('response_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('option_id', sa.String(length=20), nullable=True),
    sa.Column('digest', sa.LargeBinary(length=32), nullable=False),
    sa.Column('opening_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('author_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('at', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['author_id'], ['person.id'], name=op.f('fk_response_revision_author_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['opening_id'], ['opening.id'], name=op.f('fk_response_revision_opening_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['response_id'], ['response.id'], name=op.f('fk_response_revision_response_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_response_revision')),
    sa.UniqueConstraint('response_id', 'number', name=op.f('uq_response_revision_response_id_number'))
    )
    op.create_table('snapshot_part',
    sa.Column('snapshot_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('digest', sa.LargeBinary(length=32), nullable=False),
    sa.Column('opening_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['opening_id'], ['opening.id'], name=op.f('fk_snapshot_part_opening_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['snapshot_id'], ['snapshot.id'], name=op.f('fk_snapshot_part_snapshot_id'), ondelete='RESTRICT'),
    sa.UniqueConstraint('snapshot_id', 'name', name=op.f('uq_snapshot_part_snapshot_id_name'))
    )
    op.create_table('verdict',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('response_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('outcome', sa.String(length=20), nullable=False),
    sa.Column('option_id', sa.String(length=20), nullable=True),
    sa.Column('failing_fact', sa.String(length=30), nullable=False),
    sa.Column('digest', sa.LargeBinary(length=32), nullable=False),
    sa.Column('opening_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('author_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('at', sa.BigInteger(), nullable=False),
    sa.CheckConstraint("outcome IN ('agree', 'adjust', 'insufficient', 'not_examined')", name=op.f('ck_verdict_outcome_known')),
    sa.ForeignKeyConstraint(['author_id'], ['person.id'], name=op.f('fk_verdict_author_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['opening_id'], ['opening.id'], name=op.f('fk_verdict_opening_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['response_id'], ['response.id'], name=op.f('fk_verdict_response_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_verdict')),
    sa.UniqueConstraint('response_id', 'number', name=op.f('uq_verdict_response_id_number'))
    )


def downgrade() -> None:
    op.drop_table('verdict')
    op.drop_table('snapshot_part')
    op.drop_table('response_revision')
    with op.batch_alter_table('response_return', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_response_return_response_id'))

    op.drop_table('response_return')
    with op.batch_alter_table('representation', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_representation_snapshot_id'))

    op.drop_table('representation')
    with op.batch_alter_table('acceptance', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_acceptance_assessment_id'))

    op.drop_table('acceptance')
    op.drop_table('snapshot')
    op.drop_table('response')
    with op.batch_alter_table('independence_statement', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_independence_statement_assessment_id'))

    op.drop_table('independence_statement')
    op.drop_table('event')
    op.drop_table('conclusion')
    op.drop_table('assessment_unit')
    op.drop_table('unit')
    with op.batch_alter_table('assessment', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_assessment_vendor_id_assessment_created_at'))
        batch_op.drop_index(batch_op.f('ix_assessment_assessor_id_assessment_created_at'))

    op.drop_table('assessment')
    op.drop_table('target')
    with op.batch_alter_table('session', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_session_person_id'))

    op.drop_table('session')
    with op.batch_alter_table('membership', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_membership_organisation_id'))

    op.drop_table('membership')
    op.drop_table('mail_token')
    op.drop_table('ledger_entry')
    op.drop_table('report_file')
    op.drop_table('person')
    op.drop_table('organisation')
    op.drop_table('opening')
    with op.batch_alter_table('job', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_job_state'))

    op.drop_table('job')

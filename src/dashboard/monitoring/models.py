"""The cloud's tables. The attributes are English; tables and columns are the contract's (topcore/tables.py)."""

from django.db import models

from dashboard.monitoring.wall_time import WallTimeField
from topcore.tables import NO, YES, CloudTable, CompanyColumn, DatabaseColumn, Proof, RunColumn, RunStatus


class Company(models.Model):
    """A customer. Written by the agents, upserted by CNPJ."""

    id = models.BigAutoField(primary_key=True, db_column=CompanyColumn.ID)
    customer_code = models.IntegerField(null=True, db_column=CompanyColumn.CUSTOMER_CODE)
    trade_name = models.CharField(max_length=150, null=True, db_column=CompanyColumn.TRADE_NAME)
    legal_name = models.CharField(max_length=150, null=True, db_column=CompanyColumn.LEGAL_NAME)
    tax_id = models.CharField(max_length=18, unique=True, db_column=CompanyColumn.TAX_ID)
    last_contact = WallTimeField(null=True, db_column=CompanyColumn.LAST_CONTACT)
    agent_version = models.CharField(max_length=20, null=True, db_column=CompanyColumn.AGENT_VERSION)
    registered_at = WallTimeField(null=True, db_column=CompanyColumn.REGISTERED_AT)
    active = models.CharField(max_length=1, null=True, db_default=YES, db_column=CompanyColumn.ACTIVE)
    agendas = models.TextField(null=True, db_column=CompanyColumn.AGENDAS)

    class Meta:
        db_table = CloudTable.COMPANY.value

    def __str__(self) -> str:
        return self.trade_name or self.tax_id


class Run(models.Model):
    """One backup. Written by the agents, upserted by UUID; those of 1.0.x know the columns down to MANUAL only."""

    id = models.BigAutoField(primary_key=True, db_column=RunColumn.ID)
    company = models.ForeignKey(Company, models.CASCADE, db_column=RunColumn.COMPANY)
    started_at = WallTimeField(null=True, db_column=RunColumn.STARTED_AT)
    ended_at = WallTimeField(null=True, db_column=RunColumn.ENDED_AT)
    file_name = models.CharField(max_length=255, null=True, db_column=RunColumn.FILE_NAME)
    destination_1 = models.CharField(max_length=500, null=True, db_column=RunColumn.DESTINATION_1)
    destination_2 = models.CharField(max_length=500, null=True, db_column=RunColumn.DESTINATION_2)
    size_bytes = models.BigIntegerField(null=True, db_column=RunColumn.SIZE_BYTES)
    size_text = models.CharField(max_length=20, null=True, db_column=RunColumn.SIZE_TEXT)
    status = models.CharField(max_length=1, null=True, db_default=RunStatus.PENDING, db_column=RunColumn.STATUS)
    error_message = models.TextField(null=True, db_column=RunColumn.ERROR_MESSAGE)
    naming = models.CharField(max_length=1, null=True, db_column=RunColumn.NAMING)
    uploaded = models.CharField(max_length=1, null=True, db_default=NO, db_column=RunColumn.UPLOADED)
    uploaded_at = WallTimeField(null=True, db_column=RunColumn.UPLOADED_AT)
    manual = models.CharField(max_length=1, null=True, db_default=NO, db_column=RunColumn.MANUAL)
    uuid = models.CharField(max_length=36, null=True, unique=True, db_column=RunColumn.UUID)
    sha256 = models.CharField(max_length=64, null=True, db_column=RunColumn.SHA256)
    source = models.CharField(max_length=500, null=True, db_column=RunColumn.SOURCE)
    error_code = models.CharField(max_length=40, null=True, db_column=RunColumn.ERROR_CODE)
    proven = models.CharField(max_length=1, null=True, db_default=Proof.NOT_TRIED, db_column=RunColumn.PROVEN)
    proven_at = WallTimeField(null=True, db_column=RunColumn.PROVEN_AT)
    next_due = WallTimeField(null=True, db_column=RunColumn.NEXT_DUE)
    source_next_due = WallTimeField(null=True, db_column=RunColumn.SOURCE_NEXT_DUE)
    received_at = WallTimeField(null=True, db_column=RunColumn.RECEIVED_AT)
    copies = models.TextField(null=True, db_column=RunColumn.COPIES)

    class Meta:
        db_table = CloudTable.RUN.value

    def __str__(self) -> str:
        return f"{self.file_name} ({self.status})"


class AppVersion(models.Model):
    """A version of the agent that customers may install."""

    id = models.BigAutoField(primary_key=True, db_column="ID")
    version = models.CharField(max_length=20, unique=True, db_column="VERSAO")
    released_at = WallTimeField(null=True, db_column="DATA_LANCAMENTO")
    download_url = models.CharField(max_length=500, null=True, db_column="URL_DOWNLOAD")
    sha256 = models.CharField(max_length=64, null=True, db_column="HASH_SHA256")
    changelog = models.TextField(null=True, db_column="CHANGELOG")
    mandatory = models.CharField(max_length=1, null=True, db_default=NO, db_column="OBRIGATORIA")
    signature = models.CharField(max_length=255, null=True, db_column="ASSINATURA")

    class Meta:
        db_table = CloudTable.APP_VERSION.value

    def __str__(self) -> str:
        return self.version


class StoredEvidence(models.Model):
    """topcore.health.Evidence in columns: starts of runs, the IDs of two of them, and the deadlines."""

    last_success = WallTimeField(null=True, db_column="ULTIMO_SUCESSO")
    last_success_id = models.BigIntegerField(null=True, db_column="ID_ULTIMO_SUCESSO")
    last_failure = WallTimeField(null=True, db_column="ULTIMA_FALHA")
    last_failure_id = models.BigIntegerField(null=True, db_column="ID_ULTIMA_FALHA")
    running_since = WallTimeField(null=True, db_column="EXECUTANDO_DESDE")
    pending_since = WallTimeField(null=True, db_column="PENDENTE_DESDE")
    last_proof = WallTimeField(null=True, db_column="ULTIMA_PROVA")
    ok_until = WallTimeField(null=True, db_column="OK_ATE")
    attention_until = WallTimeField(null=True, db_column="ATENCAO_ATE")

    class Meta:
        abstract = True


class CompanyState(StoredEvidence):
    """Evidence about one company, never a verdict. Kept by triggers (state/triggers.py); nothing else writes it.

    failed, open: generated, to be counted by an index. failed: the last failure came after the last success. open: a
    run is in E or P, so that only the instant of reading says what it means.

    only_source: the one database that is known, where there is one. several: S where the row is made of those of
    DatabaseState (topcore.health.weakest); newest_success is the same as last_success elsewhere.
    """

    company = models.OneToOneField(Company, models.CASCADE, primary_key=True, db_column="ID_EMPRESA")
    active = models.CharField(max_length=1, db_column="ATIVO")
    last_contact = WallTimeField(null=True, db_column="ULTIMO_CONTATO")
    several = models.CharField(max_length=1, db_default=NO, db_column="VARIOS_BANCOS")
    only_source = models.CharField(max_length=500, null=True, db_column="BANCO_UNICO")
    newest_success = WallTimeField(null=True, db_column="SUCESSO_MAIS_NOVO")
    newest_success_id = models.BigIntegerField(null=True, db_column="ID_SUCESSO_MAIS_NOVO")
    failed = models.CharField(max_length=1, editable=False, db_column="FALHOU")
    open = models.CharField(max_length=1, editable=False, db_column="ABERTO")

    class Meta:
        db_table = CloudTable.COMPANY_STATE.value

    def __str__(self) -> str:
        return f"{self.company_id}"


class DatabaseState(StoredEvidence):
    """Evidence about one of the databases of a company that has several. The agent names them; triggers keep the rest.

    source: as LOG_BACKUPS.BANCO_ORIGEM spells it.
    """

    pk = models.CompositePrimaryKey("company_id", "source")
    company = models.ForeignKey(Company, models.CASCADE, db_column=DatabaseColumn.COMPANY)
    source = models.CharField(max_length=500, db_column=DatabaseColumn.SOURCE)

    class Meta:
        db_table = CloudTable.DATABASE_STATE.value

    def __str__(self) -> str:
        return f"{self.company_id} {self.source}"


class StateRebuild(models.Model):
    """One row, ID 1: when the state rows were last computed from the history. Asked only where triggers are missing."""

    id = models.SmallIntegerField(primary_key=True, db_column="ID")
    rebuilt_at = WallTimeField(db_column="RECONSTRUIDO_EM")

    class Meta:
        db_table = "ESTADO_RECONSTRUCAO"

    def __str__(self) -> str:
        return str(self.rebuilt_at)

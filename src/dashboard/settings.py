"""Django's settings. What differs from place to place comes from the environment (environment.py)."""

from pathlib import Path

from django.utils.csp import CSP

from dashboard import environment

_HERE = Path(__file__).resolve().parent

SECRET_KEY = environment.secret_key()
DEBUG = environment.debug()
ALLOWED_HOSTS = environment.allowed_hosts()
PROXIES = environment.proxies()
METRICS_TOKEN = environment.metrics_token()
DATABASES = {"default": environment.database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "dashboard.monitoring",
    "dashboard.companies",
    "dashboard.alerts",
    "dashboard.reports",
    "dashboard.releases",
    "dashboard.accounts",
    "dashboard.operations",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "axes",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
]
MIDDLEWARE = [
    "dashboard.operations.measures.Measured",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "dashboard.accounts.appearance.ChosenLanguage",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "dashboard.accounts.access.RoleRequired",  # denies by default: a view has to say for whom it is open
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "dashboard.urls"
WSGI_APPLICATION = "dashboard.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "dashboard.accounts.navigation.navigation",
                "dashboard.accounts.appearance.appearance",
            ]
        },
    }
]

LANGUAGE_CODE = "pt-br"
LANGUAGES = [("pt-br", "Português (Brasil)"), ("en-us", "English (United States)")]
LANGUAGE_COOKIE_NAME = "topbackup_idioma"
FORMAT_MODULE_PATH = ["dashboard.formats"]
LOCALE_PATHS = [_HERE / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "America/Sao_Paulo"

LOGIN_URL = "entrar"
LOGIN_REDIRECT_URL = "painel"
LOGOUT_REDIRECT_URL = "entrar"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
SHORTEST_PASSWORD = 10
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": SHORTEST_PASSWORD},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_CALLABLE = "dashboard.accounts.lockout.locked"
AXES_CLIENT_IP_CALLABLE = "dashboard.accounts.addresses.client_address"
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # the page says when the lock ends: then it does
# Of what is kept about a failed attempt, also on the pages where a password or a code is asked for again.
AXES_SENSITIVE_PARAMETERS = [
    *("username", "ip_address", "senha", "senha_atual", "senha_repetida", "prova", "codigo", "csrfmiddlewaretoken"),
]
AXES_VERBOSE = False

OTP_TOTP_ISSUER = "TopBackup"

SESSION_ENGINE = "dashboard.accounts.sessions"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_NAME = "topbackup_sessao"
CSRF_COOKIE_NAME = "topbackup_csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "dashboard.accounts.access.form_refused"
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
}
# Anywhere but on this machine itself the site lives behind a proxy that ends TLS.
_WITH_TLS = not environment.only_loopback(ALLOWED_HOSTS)
SESSION_COOKIE_SECURE = _WITH_TLS
CSRF_COOKIE_SECURE = _WITH_TLS
SECURE_HSTS_SECONDS = 31_536_000 if _WITH_TLS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = _WITH_TLS
SECURE_SSL_REDIRECT = _WITH_TLS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^metrics$"]  # asked from beside the proxy
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _WITH_TLS else None

STATIC_URL = "static/"
WHITENOISE_USE_FINDERS = True  # nothing to collect: the files are served from where they are installed

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s - %(levelname)s - %(module)s - %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}

"""Who may see what: nobody without a login; a program is told so in JSON, a person is sent to the login page."""

from typing import Any

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, JsonResponse


class LoginRequired(LoginRequiredMiddleware):
    def handle_no_permission(self, request: HttpRequest, view_func: Any) -> Any:
        """401 for the endpoints of programs and of our own script, which could not follow a redirect."""
        if request.path.startswith("/api/") or request.headers.get("X-Requested-With") == "fetch":
            return JsonResponse({"erro": "login"}, status=401)
        return super().handle_no_permission(request, view_func)

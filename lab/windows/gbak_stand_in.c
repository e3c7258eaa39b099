/*
 * gbak.exe for the tests under Wine, where no real one is to be had: `gbak -b -v -se HOST:service_mgr DB TARGET`.
 *
 * The dump itself is the real server's, on the Linux side. That server cannot open a Windows named pipe, so it is asked,
 * through the real fbclient.dll's services API, for a plain file, whose name both sides know (Wine's Z:); when the
 * server is done, this program copies it into TARGET, which it opens as gbak does: CreateFile with GENERIC_WRITE, share
 * mode 0, CREATE_ALWAYS. `-z` answers with the version in GBAK_STAND_IN_VERSION. With GBAK_STAND_IN_SLEEP it waits so
 * many milliseconds first; with GBAK_STAND_IN_CHILD it starts a child that sleeps, to be found and ended with it.
 */
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <wchar.h>
#include <windows.h>

typedef intptr_t STATUS[20];
typedef unsigned int HANDLE_FB;

static intptr_t (*service_attach)(intptr_t *, unsigned short, const char *, HANDLE_FB *, unsigned short, const char *);
static intptr_t (*service_start)(intptr_t *, HANDLE_FB *, HANDLE_FB *, unsigned short, const char *);
static intptr_t (*service_query)(intptr_t *, HANDLE_FB *, HANDLE_FB *, unsigned short, const char *, unsigned short,
                                 const char *, unsigned short, char *);
static intptr_t (*service_detach)(intptr_t *, HANDLE_FB *);
static int (*interpret)(char *, unsigned, const intptr_t **);

enum { SPB_VERSION = 2, SPB_USER = 28, SPB_PASSWORD = 29, ACTION_BACKUP = 1, SPB_FILE = 5, SPB_DATABASE = 106,
       SPB_VERBOSE = 107, INFO_LINE = 62 };

static int failed(const char *what)
{
    printf("gbak: ERROR:%s\ngbak:Exiting before completion due to errors\n", what);
    return 1;
}

static int failed_with(STATUS status)
{
    const intptr_t *next = status;
    char words[512];
    while (interpret(words, sizeof words, &next))
        printf("gbak: ERROR:%s\n", words);
    printf("gbak:Exiting before completion due to errors\n");
    return 1;
}

static int put(char *block, int at, int tag, const char *text)
{
    size_t length = strlen(text);
    block[at++] = (char)tag;
    block[at++] = (char)(length & 255);
    block[at++] = (char)(length >> 8);
    memcpy(block + at, text, length);
    return at + (int)length;
}

static int put_short(char *block, int at, int tag, const char *text)
{
    size_t length = strlen(text);
    block[at++] = (char)tag;
    block[at++] = (char)length;
    memcpy(block + at, text, length);
    return at + (int)length;
}

static int copy_into(const wchar_t *target, const wchar_t *file, unsigned long long *written)
{
    static char block[1 << 16];
    HANDLE from, to = CreateFileW(target, GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, FILE_ATTRIBUTE_NORMAL, NULL);
    DWORD count, done;
    if (to == INVALID_HANDLE_VALUE)
        return failed("cannot open backup file");
    from = CreateFileW(file, GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_DELETE, NULL, OPEN_EXISTING, 0, NULL);
    if (from == INVALID_HANDLE_VALUE) {
        CloseHandle(to);
        return failed("cannot read what the server wrote");
    }
    while (ReadFile(from, block, sizeof block, &count, NULL) && count > 0) {
        if (!WriteFile(to, block, count, &done, NULL) || done != count) {
            CloseHandle(from);
            CloseHandle(to);
            return failed("Unexpected I/O error while writing to backup file");
        }
        *written += count;
    }
    CloseHandle(from);
    CloseHandle(to);
    return 0;
}

static void start_child(void)
{
    STARTUPINFOW start = {.cb = sizeof start};
    PROCESS_INFORMATION child;
    wchar_t command[] = L"cmd.exe /c ping -n 600 127.0.0.1";
    if (CreateProcessW(NULL, command, NULL, NULL, FALSE, CREATE_NO_WINDOW, NULL, NULL, &start, &child)) {
        CloseHandle(child.hThread);
        CloseHandle(child.hProcess);
    }
}

static const char *narrow(const wchar_t *wide)
{
    static char room[8][1024];
    static int next;
    char *text = room[next++ & 7];
    WideCharToMultiByte(CP_UTF8, 0, wide, -1, text, sizeof room[0], NULL, NULL);
    return text;
}

static const char *variable(const char *name, const char *otherwise)
{
    const char *value = getenv(name);
    return value && *value ? value : otherwise;
}

int wmain(int count, wchar_t **words)
{
    const char *manager = NULL, *names[2] = {NULL, NULL}, *user = variable("ISC_USER", "SYSDBA");
    const char *password = variable("ISC_PASSWORD", "");
    const wchar_t *target = NULL;
    int named = 0, verbose = 0;
    for (int at = 1; at < count; at++) {
        const char *word = narrow(words[at]);
        if (!strcmp(word, "-z")) {
            printf("gbak:gbak version %s\n", variable("GBAK_STAND_IN_VERSION", "WI-V3.0.11.33703 Firebird 3.0"));
            return 1;
        }
        if (!strcmp(word, "-se") && at + 1 < count)
            manager = narrow(words[++at]);
        else if (!strcmp(word, "-v"))
            verbose = 1;
        else if (word[0] != '-' && named < 2) {
            target = words[at];
            names[named++] = word;
        }
    }
    if (named < 2 || !manager)
        return failed("requires both input and output filenames");
    setvbuf(stdout, NULL, _IONBF, 0);
    if (getenv("GBAK_STAND_IN_CHILD"))
        start_child();
    Sleep((DWORD)atoi(variable("GBAK_STAND_IN_SLEEP", "0")));

    wchar_t spool[MAX_PATH + 64];
    GetTempPathW(MAX_PATH, spool);
    swprintf(spool + wcslen(spool), 64, L"stand-in-%lu-%llu.fbk", GetCurrentProcessId(), GetTickCount64());
    char unix_name[1024] = "";
    /* Wine's own: what the Linux side calls this file. */
    char *(CDECL *unix_path)(const wchar_t *) =
        (void *)GetProcAddress(GetModuleHandleA("kernel32.dll"), "wine_get_unix_file_name");
    HANDLE made = CreateFileW(spool, GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, 0, NULL);
    CloseHandle(made);
    if (unix_path)
        strncpy(unix_name, unix_path(spool), sizeof unix_name - 1);
    DeleteFileW(spool);
    if (!unix_name[0])
        return failed("not under Wine");

    HMODULE client = LoadLibraryA("fbclient.dll");
    if (!client)
        return failed("fbclient.dll not found");
    service_attach = (void *)GetProcAddress(client, "isc_service_attach");
    service_start = (void *)GetProcAddress(client, "isc_service_start");
    service_query = (void *)GetProcAddress(client, "isc_service_query");
    service_detach = (void *)GetProcAddress(client, "isc_service_detach");
    interpret = (void *)GetProcAddress(client, "fb_interpret");

    STATUS status = {0};
    HANDLE_FB service = 0;
    char block[4096], reply[4096], request = INFO_LINE;
    int at = 0;
    block[at++] = SPB_VERSION;
    block[at++] = SPB_VERSION;
    at = put_short(block, at, SPB_USER, user);
    at = put_short(block, at, SPB_PASSWORD, password);
    if (service_attach(status, 0, manager, &service, (unsigned short)at, block))
        return failed_with(status);
    at = 0;
    block[at++] = ACTION_BACKUP;
    at = put(block, at, SPB_DATABASE, names[0]);
    at = put(block, at, SPB_FILE, unix_name);
    if (verbose)
        block[at++] = SPB_VERBOSE;
    if (service_start(status, &service, NULL, (unsigned short)at, block))
        return failed_with(status);
    int wrong = 0;
    for (;;) {
        if (service_query(status, &service, NULL, 0, NULL, 1, &request, sizeof reply, reply))
            return failed_with(status);
        int length = (unsigned char)reply[1] | (unsigned char)reply[2] << 8;
        if (reply[0] != INFO_LINE || !length)
            break;
        reply[3 + length] = 0;
        wrong |= strstr(reply + 3, "ERROR") != NULL;
        printf("%s\n", reply + 3);
    }
    service_detach(status, &service);
    unsigned long long written = 0;
    int code = wrong ? 1 : copy_into(target, spool, &written);
    DeleteFileW(spool);
    return code;
}

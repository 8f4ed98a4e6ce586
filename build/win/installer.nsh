; What the installer does besides copying: links of the program's own kind open it. They go with the program, and so
; does what the program itself told Windows: its start with the system, and whom its notifications belong to. What the
; user kept (messages, settings) stays.

!define GODWIT_LINK "Software\Classes\godwit"
!define GODWIT_RUN "Software\Microsoft\Windows\CurrentVersion\Run"
!define GODWIT_RUN_APPROVED "Software\Microsoft\Windows\CurrentVersion\Explorer\StartupApproved\Run"
!define GODWIT_SENDER "Software\Classes\AppUserModelId\${APP_ID}"
; As in electron/main/systemIdentity.ts.
!define GODWIT_ACTIVATOR "Software\Classes\CLSID\{5610800A-5947-468A-8564-DEEBE43C3FAC}"

!macro customInstall
  WriteRegStr SHCTX "${GODWIT_LINK}" "" "URL:Godwit"
  WriteRegStr SHCTX "${GODWIT_LINK}" "URL Protocol" ""
  WriteRegStr SHCTX "${GODWIT_LINK}\DefaultIcon" "" '"$INSTDIR\${APP_EXECUTABLE_FILENAME}",0'
  WriteRegStr SHCTX "${GODWIT_LINK}\shell\open\command" "" '"$INSTDIR\${APP_EXECUTABLE_FILENAME}" "%1"'
!macroend

!macro customUnInstall
  ; An update uninstalls the version before it.
  ${ifNot} ${isUpdated}
    DeleteRegKey SHCTX "${GODWIT_LINK}"
    ; The program registers links for its user, wherever it is installed.
    DeleteRegKey HKCU "${GODWIT_LINK}"
    DeleteRegValue HKCU "${GODWIT_RUN}" "${APP_ID}"
    DeleteRegValue HKCU "${GODWIT_RUN_APPROVED}" "${APP_ID}"
    DeleteRegKey HKCU "${GODWIT_SENDER}"
    DeleteRegKey HKCU "${GODWIT_ACTIVATOR}"
  ${endIf}
!macroend

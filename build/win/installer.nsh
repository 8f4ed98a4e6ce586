; What the installer does besides copying: links of the program's own kind open it. They go with the program, and so
; does its start with the system; what the user kept (messages, settings) stays.

!define GODWIT_LINK "Software\Classes\godwit"
!define GODWIT_RUN "Software\Microsoft\Windows\CurrentVersion\Run"

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
    DeleteRegValue HKCU "${GODWIT_RUN}" "${APP_ID}"
  ${endIf}
!macroend

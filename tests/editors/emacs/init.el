;; The set-up of server/docs/editors.md, to the letter.
(with-eval-after-load 'eglot
  (add-to-list 'eglot-server-programs
               '((yaml-mode yaml-ts-mode markdown-mode js-json-mode json-mode json-ts-mode
                  conf-toml-mode toml-ts-mode conf-unix-mode python-mode python-ts-mode)
                 . ("stagewright" "server"))))
;; Answers arrive as edits: without this, Emacs asks before each of them.
(setq eglot-confirm-server-edits nil             ; Emacs 30
      eglot-confirm-server-initiated-edits nil)  ; before

(defun stagewright-send ()
  "Send what stands below the last heading of a transcript."
  (interactive)
  (eglot-code-actions (point) (point) "stagewright.send" t))

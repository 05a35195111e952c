;;; tour.el --- A template, front matter and source code in a real Emacs  -*- lexical-binding: t -*-
;; Run by test.sh with `emacs --batch`: completion, a problem, hover and its fix in each.
(package-activate-all) ; which a batch does not do by itself
(require 'eglot)
(require 'flymake)
(require 'project)

(defconst tour-project (pop command-line-args-left))
(defconst tour-old "claude-3-opus-20240229")
(defconst tour-new "claude-opus-4-8")
(setq eglot-sync-connect 30 eglot-connect-timeout 60 eglot-autoshutdown t
      flymake-no-changes-timeout 0.1 eglot-send-changes-idle-time 0.05 vc-handled-backends '(Git))

(defun tour-wait (what reached)
  "Wait until REACHED gives something; fail with WHAT and the buffer after a minute and a half."
  (let ((end (+ (float-time) 90)) found)
    (while (and (not (setq found (funcall reached))) (< (float-time) end))
      (accept-process-output nil 0.05)
      (run-hooks 'eglot--document-changed-hook)
      (eglot--signal-textDocument/didChange))
    (unless found
      (message "never: %s\n%s" what (buffer-string))
      (kill-emacs 1))
    (message "ok: %s" what)
    found))

(defun tour-problems ()
  "The codes of the problems in this buffer, as Flymake has them."
  (mapcar (lambda (one) (plist-get (cdr (assoc 'eglot-lsp-diag (flymake-diagnostic-data one))) :code))
          (flymake-diagnostics)))

(defun tour-candidates ()
  "What completion offers at point."
  (let ((found (eglot-completion-at-point)))
    (and found (mapcar #'substring-no-properties
                       (all-completions "" (nth 2 found))))))

(defun tour-choose (title)
  "Apply the code action of this TITLE, as a person picks it from the menu."
  (let ((last-nonmenu-event ?\r)) ; typed, not clicked
    (cl-letf (((symbol-function 'completing-read)
               (lambda (_ items &rest _) (or (car (assoc title items))
                                             (error "%s is not among %S" title items)))))
      (eglot-code-actions (point) (point) nil t))))

(defun tour-open (name)
  "Visit the file NAME below the project, and start the server there."
  (find-file (expand-file-name name tour-project))
  (unless (eglot-current-server) (apply #'eglot (eglot--guess-contact)))
  (flymake-mode 1)
  (tour-wait (format "the server in %s (%s)" name major-mode) #'eglot-current-server))

(tour-open ".choragen/workflow-templates/two.yaml")
(search-forward "model: \"rehearsal-1")
(tour-wait "models of a template" (lambda () (member "rehearsal-2" (tour-candidates))))
(insert "0")
(tour-wait "a model that is not there" (lambda () (member "model-unavailable" (tour-problems))))
(tour-choose "Use `rehearsal-1`")
(tour-wait "its fix" (lambda () (not (string-search "rehearsal-10" (buffer-string)))))
(save-buffer)

(dolist (name '(".claude/agents/reviewer.md" "answer.py"))
  (tour-open name)
  (tour-wait "the end of a model" (lambda () (member "model-retired" (tour-problems))))
  (search-forward tour-old)
  (goto-char (match-beginning 0))
  (tour-wait "what takes its place" (lambda () (member tour-new (tour-candidates))))
  (let ((hover (jsonrpc-request (eglot-current-server) :textDocument/hover
                                (eglot--TextDocumentPositionParams))))
    (unless (string-search "2026-01-05" (format "%S" hover)) (error "No day in %S" hover)))
  (tour-choose (format "Use `%s`, its successor" tour-new))
  (tour-wait "its fix" (lambda () (and (string-search tour-new (buffer-string))
                                       (not (string-search tour-old (buffer-string))))))
  (tour-wait "no problem" (lambda () (null (tour-problems))))
  (save-buffer))
(kill-emacs 0)
;;; tour.el ends here

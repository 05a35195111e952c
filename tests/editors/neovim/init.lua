-- The set-up of server/docs/editors.md: stagewright.lua lies in the configuration's folder lsp/.
vim.lsp.enable("stagewright")

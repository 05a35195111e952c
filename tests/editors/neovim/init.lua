-- The set-up of server/docs/editors.md, to the letter.
vim.lsp.config("stagewright", {
  cmd = { "stagewright", "server" },
  filetypes = { "yaml", "markdown", "json", "jsonc", "toml" },
  root_markers = { ".choragen", ".git" },
  workspace_required = true,
})
vim.lsp.enable("stagewright")

-- Code lenses are shown once they are asked for.
vim.api.nvim_create_autocmd({ "LspAttach", "TextChanged", "InsertLeave" }, {
  callback = function(event)
    if #vim.lsp.get_clients({ bufnr = event.buf, name = "stagewright" }) > 0 then
      vim.lsp.codelens.refresh({ bufnr = event.buf })
    end
  end,
})

-- Keys: \s sends what stands below the last heading of a transcript, \x stops the answer.
for key, kind in pairs({ s = "send", x = "stop", a = "advance" }) do
  vim.keymap.set("n", "<leader>" .. key, function()
    vim.lsp.buf.code_action({ context = { only = { "stagewright." .. kind } }, apply = true })
  end)
end

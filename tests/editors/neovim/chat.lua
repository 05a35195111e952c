-- A person's way through a chat in a real Neovim: run by test.sh with `nvim --headless -l`.
local folder = assert(arg[1])
local here = dofile(vim.fs.dirname(arg[0]) .. "/driving.lua")
local text, wait_for, shows, actions, choose, write =
  here.text, here.wait_for, here.shows, here.actions, here.choose, here.write

vim.cmd.edit(folder .. "/.choragen/workflow-templates/two.yaml")
wait_for("the server", function() return #vim.lsp.get_clients({ bufnr = 0 }) == 1 end)
wait_for("lenses", function() return #(vim.lsp.codelens.get(0) or {}) == 6 end)
vim.cmd("normal! gg")
vim.fn.search("draft")
choose('Chat with `draft`')
wait_for("the transcript", function() return vim.fn.expand("%:e:e") == "chat.md" or vim.fn.expand("%"):find("chat%.md$") ~= nil end)
wait_for("its server", function() return #vim.lsp.get_clients({ bufnr = 0 }) == 1 end)
shows("model: rehearsal-1")

write("Hello from Neovim 🎭")
vim.api.nvim_feedkeys(vim.keycode("<leader>s"), "mx", false)
shows("Hello from Neovim 🎭\n\n## rehearsal/rehearsal-1")
write("not sent yet")
wait_for("the end", function() return actions()["Send"] ~= nil and not text():find("· partial", 1, true) end)
assert(vim.endswith(text(), "not sent yet\n"), text())

choose("Switch to rehearsal/rehearsal-2")
shows("model: rehearsal-2")
choose("Good enough")
shows("stage: build")
assert(vim.endswith(text(), "not sent yet\n"), text())
vim.cmd("silent write")
print("the transcript:\n" .. text())

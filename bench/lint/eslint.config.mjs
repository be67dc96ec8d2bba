// One rule, and one that needs types: what a typed linter costs at the least.
import tseslint from 'typescript-eslint'

export default tseslint.config({
  files: ['**/*.ts'],
  extends: [tseslint.configs.base],
  languageOptions: { parserOptions: { project: './tsconfig.json', tsconfigRootDir: process.cwd() } },
  rules: { '@typescript-eslint/no-floating-promises': 'error' },
})

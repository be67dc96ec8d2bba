// A config of ESLint is a default export, of packages that are installed only beside it.
// One rule, and one that needs types: what a typed linter costs at the least.
import tseslint from 'typescript-eslint'

export default tseslint.config({
  files: ['**/*.ts', '**/*.tsx'],
  extends: [tseslint.configs.base],
  languageOptions: { parserOptions: { project: process.env.LINT_TSCONFIG, tsconfigRootDir: process.cwd() } },
  rules: { '@typescript-eslint/no-floating-promises': 'error' },
})

using Forecast.Torch;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>Decompositions and solvers; leading dimensions are batches.</summary>
    public static class linalg
    {
        /// <summary>The lower triangular L with L Lᵀ = input.</summary>
        public static Tensor cholesky(Tensor input) => Op.linalg_cholesky.Call(input);

        public static (Tensor, Tensor) cholesky_ex(Tensor input, bool check_errors = false) => Op.linalg_cholesky_ex.Call(input, false, check_errors);

        public static Tensor det(Tensor input) => Op.linalg_det.Call(input);

        public static (Tensor, Tensor) slogdet(Tensor input) => Op.linalg_slogdet.Call(input);

        public static Tensor inv(Tensor input) => Op.linalg_inv.Call(input);

        public static Tensor pinv(Tensor input, double? atol = null, double? rtol = null, bool hermitian = false) => Op.linalg_pinv_atol_rtol_float.Call(input, atol, rtol, hermitian);

        /// <summary>X with A X = B, or X A = B where <paramref name="left"/> is false.</summary>
        public static Tensor solve(Tensor A, Tensor B, bool left = true) => Op.linalg_solve.Call(A, B, left);

        public static Tensor solve_triangular(Tensor A, Tensor B, bool upper, bool left = true, bool unitriangular = false, Tensor? @out = null)
        {
            if (@out is not null) throw new NotSupportedException("solve_triangular does not write to a given tensor here");
            return Op.linalg_solve_triangular.Call(A, B, upper, left, unitriangular);
        }

        /// <summary>Least squares: solution, residuals, rank, singular values.</summary>
        public static (Tensor, Tensor, Tensor, Tensor) lstsq(Tensor input, Tensor other) => Op.linalg_lstsq.Call(input, other);

        /// <summary>Eigenvalues in rising order and eigenvectors of a symmetric matrix.</summary>
        public static (Tensor, Tensor) eigh(Tensor input, char UPLO = 'L') => Op.linalg_eigh.Call(input, UPLO.ToString());

        public static Tensor eigvalsh(Tensor input, char UPLO = 'L') => Op.linalg_eigvalsh.Call(input, UPLO.ToString());

        public static (Tensor, Tensor, Tensor) svd(Tensor input, bool fullMatrices = true) => Op.linalg_svd.Call(input, fullMatrices);

        public static Tensor svdvals(Tensor input) => Op.linalg_svdvals.Call(input);

        public static Tensor matrix_exp(Tensor input) => input.matrix_exp();

        public static Tensor norm(Tensor input, long[]? dims = null, bool keepdim = false) => Op.linalg_norm.Call(input, Arg.None, dims, keepdim);

        public static Tensor vector_norm(Tensor input, double ord = 2, long[]? dims = null, bool keepdim = false) => Op.linalg_vector_norm.Call(input, ord, dims, keepdim);

        public static Tensor matrix_norm(Tensor input, string ord = "fro", long[]? dims = null, bool keepdim = false) => Op.linalg_matrix_norm_str_ord.Call(input, ord, dims ?? [-2, -1], keepdim);

        public static Tensor multi_dot(IList<Tensor> tensors) => Op.linalg_multi_dot.Call(Listed(tensors));
    }
}

internal static partial class Op
{
    internal static readonly Operator linalg_cholesky = new("linalg_cholesky");
    internal static readonly Operator linalg_cholesky_ex = new("linalg_cholesky_ex");
    internal static readonly Operator linalg_det = new("linalg_det");
    internal static readonly Operator linalg_slogdet = new("linalg_slogdet");
    internal static readonly Operator linalg_inv = new("linalg_inv");
    internal static readonly Operator linalg_pinv_atol_rtol_float = new("linalg_pinv", "atol_rtol_float");
    internal static readonly Operator linalg_solve = new("linalg_solve");
    internal static readonly Operator linalg_solve_triangular = new("linalg_solve_triangular");
    internal static readonly Operator linalg_lstsq = new("linalg_lstsq");
    internal static readonly Operator linalg_eigh = new("linalg_eigh");
    internal static readonly Operator linalg_eigvalsh = new("linalg_eigvalsh");
    internal static readonly Operator linalg_svd = new("linalg_svd");
    internal static readonly Operator linalg_svdvals = new("linalg_svdvals");
    internal static readonly Operator linalg_norm = new("linalg_norm");
    internal static readonly Operator linalg_vector_norm = new("linalg_vector_norm");
    internal static readonly Operator linalg_matrix_norm_str_ord = new("linalg_matrix_norm", "str_ord");
    internal static readonly Operator linalg_multi_dot = new("linalg_multi_dot");
}

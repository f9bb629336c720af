using Forecast.Models.Decomposition;
using Forecast.Models.Ets;

namespace Forecast.Models.Ces;

/// <summary>
/// States before the first row at given smoothing parameters. Errors are linear in them, so level and potential follow by least squares: of
/// the whole series, or in the simple form of the rows of each season by itself. The seasonal states of the partial and the full form
/// are a figure, the full form's potentials that figure times a factor that is part of the least squares; the figure is that of a
/// classical decomposition until <see cref="Refine(CesPoint)"/> solves for it, too.
/// </summary>
internal sealed class CesStart
{
    /// <summary>Figure and factor of the full form multiply each other, so one is solved for at the other's last value, in turn.</summary>
    private const int Turns = 3;

    private readonly EtsSample _sample;
    private readonly int _period;
    private readonly double[] _decomposed;
    private readonly double[] _figure;
    private readonly double[] _error;
    private readonly double[][] _reach;

    public CesStart(EtsSample sample, CesSeasonality seasonality, int period)
    {
        (_sample, _period) = (sample, period);
        var rows = sample.Last + 1;
        _decomposed = seasonality is CesSeasonality.Partial or CesSeasonality.Full ? ClassicalDecomposition.Of(sample.Filled.AsSpan(0, rows), period, multiplicative: false).Figure : [];
        _figure = (double[])_decomposed.Clone();
        _error = new double[rows];
        _reach = [.. Enumerable.Range(0, seasonality == CesSeasonality.Full ? 3 : 2).Select(_ => new double[rows])];
    }

    /// <summary>Whether there is a figure to solve for.</summary>
    public bool HasFigure => _figure.Length > 0;

    /// <summary>Goes back to the figure of the decomposition.</summary>
    public void Reset() => _decomposed.CopyTo(_figure, 0);

    /// <summary>Solves for the figure as well, at the smoothing parameters of <paramref name="point"/>: one least squares of m + 1 unknowns.</summary>
    public void Refine(CesPoint point)
    {
        if (!HasFigure) return;
        var turns = point.Seasonality == CesSeasonality.Full ? Turns : 1;
        for (var turn = 0; turn < turns; turn++) Refine(point, point.Seasonality == CesSeasonality.Full ? Factor(point) : 0);
    }

    /// <summary>The filter before the first row, and the sum of squared errors from there.</summary>
    public double Best(CesPoint point, out CesFilter start)
    {
        start = new CesFilter(point, _period);
        if (point.Seasonality == CesSeasonality.Simple)
        {
            var squares = 0.0;
            for (var season = 0; season < _period; season++) squares += BestSeason(point, start, season);
            return squares;
        }

        Span<double> solution = stackalloc double[_reach.Length];
        _figure.CopyTo(start.Season, 0);
        var least = Solve(point, start.Clone(), solution);
        (start.Level, start.Potential) = (solution[0], solution[1]);
        for (var j = 0; j < start.SeasonPotential.Length; j++) start.SeasonPotential[j] = solution[2] * _figure[j];
        return least;
    }

    /// <summary>Level, potential and (full form) the factor at the present figure.</summary>
    private double Solve(CesPoint point, CesFilter start, Span<double> solution)
    {
        Run(start, withData: true, _error);
        Run(new CesFilter(point, _period) { Level = 1 }, withData: false, _reach[0]);
        Run(new CesFilter(point, _period) { Potential = 1 }, withData: false, _reach[1]);
        if (_reach.Length > 2)
        {
            var unit = new CesFilter(point, _period);
            _figure.CopyTo(unit.SeasonPotential, 0);
            Run(unit, withData: false, _reach[2]);
        }

        return LeastSquares(_error, _reach, solution);
    }

    private double Factor(CesPoint point)
    {
        Span<double> solution = stackalloc double[_reach.Length];
        var start = new CesFilter(point, _period);
        _figure.CopyTo(start.Season, 0);
        Solve(point, start, solution);
        return solution[2];
    }

    private void Refine(CesPoint point, double factor)
    {
        Run(new CesFilter(point, _period), withData: true, _error);
        var reach = new double[_period + 1][];
        for (var k = 0; k < reach.Length; k++)
        {
            var unit = new CesFilter(point, _period);
            if (k == 0) unit.Level = 1;
            else if (k == 1) unit.Potential = 1;
            else Tilt(unit, k - 2, factor);
            Run(unit, withData: false, reach[k] = new double[_error.Length]);
        }

        var solution = new double[reach.Length];
        LeastSquares(_error, reach, solution);
        solution.AsSpan(2).CopyTo(_figure);
        _figure[^1] = -solution[2..].Sum();
    }

    /// <summary>One season up and the last one down by as much: the sum of a figure is 0.</summary>
    private static void Tilt(CesFilter unit, int season, double factor)
    {
        (unit.Season[season], unit.Season[^1]) = (1, -1);
        if (unit.SeasonPotential.Length > 0) (unit.SeasonPotential[season], unit.SeasonPotential[^1]) = (factor, -factor);
    }

    /// <summary>Errors, 0 where nothing was observed. Without data, what a start adds to the forecasts (errors are less that).</summary>
    private void Run(CesFilter filter, bool withData, double[] errors)
    {
        var y = _sample.Values;
        for (var t = 0; t < errors.Length; t++)
        {
            var mean = filter.Mean(t);
            var e = double.IsNaN(y[t]) ? 0 : (withData ? y[t] : 0) - mean;
            errors[t] = e;
            filter.Move(t, e);
        }
    }

    /// <summary>One season of the simple form is a series without a season.</summary>
    private double BestSeason(CesPoint point, CesFilter start, int season)
    {
        var y = _sample.Values;
        var plain = point with { Seasonality = CesSeasonality.None };
        CesFilter data = new(plain, 1), level = new(plain, 1) { Level = 1 }, potential = new(plain, 1) { Potential = 1 };
        var count = 0;
        for (var t = season; t < _error.Length; t += _period)
        {
            var missing = double.IsNaN(y[t]);
            _error[count] = missing ? 0 : y[t] - data.Level;
            _reach[0][count] = missing ? 0 : -level.Level;
            _reach[1][count] = missing ? 0 : -potential.Level;
            data.Move(0, _error[count]);
            level.Move(0, _reach[0][count]);
            potential.Move(0, _reach[1][count]);
            count++;
        }

        Span<double> solution = stackalloc double[2];
        var squares = LeastSquares(_error.AsSpan(0, count), [.. _reach.Select(r => r[..count])], solution);
        (start.Season[season], start.SeasonPotential[season]) = (solution[0], solution[1]);
        return squares;
    }

    /// <summary>The x that makes |error + sum x_k reach_k|^2 least, by orthogonal columns; a column that the ones before explain gets 0.</summary>
    private static double LeastSquares(ReadOnlySpan<double> error, ReadOnlySpan<double[]> reach, Span<double> x)
    {
        var rows = error.Length;
        var rest = error.ToArray();
        var columns = new double[reach.Length][];
        var upper = new double[reach.Length * reach.Length];
        double[] length = new double[reach.Length], along = new double[reach.Length];
        for (var k = 0; k < reach.Length; k++)
        {
            columns[k] = reach[k][..rows];
            var before = Dot(columns[k], columns[k]);
            for (var j = 0; j < k; j++)
            {
                var part = upper[(j * reach.Length) + k] = length[j] > 0 ? Dot(columns[j], columns[k]) / length[j] : 0;
                for (var t = 0; t < rows; t++) columns[k][t] -= part * columns[j][t];
            }

            var after = Dot(columns[k], columns[k]);
            length[k] = after > 1e-12 * before ? after : 0;
            along[k] = length[k] > 0 ? -Dot(columns[k], rest) / length[k] : 0;
            for (var t = 0; t < rows; t++) rest[t] += along[k] * columns[k][t];
        }

        for (var k = reach.Length - 1; k >= 0; k--)
        {
            x[k] = along[k];
            for (var j = k + 1; j < reach.Length; j++) x[k] -= upper[(k * reach.Length) + j] * x[j];
            if (length[k] == 0) x[k] = 0;
        }

        return Dot(rest, rest);
    }

    private static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        var sum = 0.0;
        for (var t = 0; t < a.Length; t++) sum += a[t] * b[t];
        return sum;
    }
}

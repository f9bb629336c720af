using System.Diagnostics;
using System.Globalization;
using Forecast.Core.Data;
using Forecast.Core.Forecasting;
using Forecast.Core.Numerics;
using Forecast.Models.Catalogue;

namespace Forecast.VarExperiment;

/// <summary>A model over a cell: each day conditioned on the day before, fitted once before the first day or every so many days.</summary>
/// <param name="Model">Model string, with <c>@K</c> behind it to be fitted again every K days, on the last W with <c>@K/W</c>.</param>
/// <param name="Cell">Where.</param>
/// <param name="Seed">Of the run.</param>
internal sealed record Walk(string Model, Cell Cell, ulong Seed)
{
    public int Exceedances { get; private set; }

    /// <summary>Tick loss of each day.</summary>
    public double[] Ticks { get; private set; } = [];

    public int Fits { get; private set; }

    /// <summary>Of all fits together.</summary>
    public double FitSeconds { get; private set; }

    /// <summary>The whole walk.</summary>
    public double Seconds { get; private set; }

    /// <summary>VaR of each day, a positive loss.</summary>
    public double[] Risk { get; private set; } = [];

    public Walk Run(double alpha)
    {
        var at = Model.LastIndexOf('@');
        int[] plan = at < 0 ? [] : [.. Model[(at + 1)..].Split('/').Select(p => int.Parse(p, CultureInfo.InvariantCulture))];
        var forecaster = ModelCatalogue.Default.Create(at < 0 ? Model : Model[..at]);
        var panel = new Panel([Cell.Series]);
        var task = new ForecastTask(1, [alpha]);
        int? window = plan.Length > 1 ? plan[1] : null;
        IFittedForecaster? fitted = null;
        (Ticks, Risk) = (new double[Cell.Days], new double[Cell.Days]);
        var whole = Stopwatch.StartNew();
        for (var day = 0; day < Cell.Days; day++)
        {
            var row = Cell.First + day;
            var view = panel.AsOf(Cell.Series.Times[row - 1], window);
            if (fitted is null || (plan.Length > 0 && day % plan[0] == 0))
            {
                var watch = Stopwatch.StartNew();
                fitted = forecaster.Fit(view, task, new FitContext(Seeds.Derive(Seed, Cell.Name, day.ToString(CultureInfo.InvariantCulture))));
                FitSeconds += watch.Elapsed.TotalSeconds;
                Fits++;
            }

            var quantile = fitted.Condition(view).Predict(KnownFuture.None, 1, Seed)[Cell.Series.Id].Quantile(1, alpha, Model);
            var r = Cell.Return(row);
            if (r < quantile) Exceedances++;
            Risk[day] = -quantile;
            Ticks[day] = (alpha - (r < quantile ? 1 : 0)) * (r - quantile);
        }

        Seconds = whole.Elapsed.TotalSeconds;
        return this;
    }

    /// <summary>The walk as it was done before.</summary>
    public Walk As(int exceedances, double[] ticks, double[] risk, int fits, double fitSeconds, double seconds)
    {
        (Exceedances, Ticks, Risk, Fits, FitSeconds, Seconds) = (exceedances, ticks, risk, fits, fitSeconds, seconds);
        return this;
    }
}

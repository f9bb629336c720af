using System.Globalization;
using Forecast.Core.Data;
using Forecast.Core.Forecasting;
using Forecast.Core.Time;
using NodaTime.Text;

namespace Forecast.Models.Tests.LstmMdn;

/// <summary>One published cell: an index and two years, with the VaR of each day under the models of the paper.</summary>
internal sealed class PublishedRisk
{
    private readonly TimeSeries _series;
    private readonly int _first;

    private PublishedRisk(TimeSeries series, int first, string[] names, double[][] rows)
    {
        (_series, _first) = (series, first);
        Loss = Column("loss");
        Var = names.Where(n => n.StartsWith("var_", StringComparison.Ordinal)).ToDictionary(n => n[4..], Column, StringComparer.Ordinal);

        double[] Column(string name) => [.. rows.Select(r => r[Array.IndexOf(names, name) - 1])];
    }

    public static TheoryData<string, string> Cells => new()
    {
        { "sp500", "2017_2018" },
        { "ftse100", "2017_2018" },
        { "sp500", "2021_2022" },
        { "euro_stoxx_50", "2021_2022" },
    };

    /// <summary>Minus the return of each day.</summary>
    public double[] Loss { get; }

    /// <summary>Published VaR by model.</summary>
    public IReadOnlyDictionary<string, double[]> Var { get; }

    public int Days => Loss.Length;

    public static PublishedRisk Load(string index, string period)
    {
        string[][] closes = [.. Lines($"close_{index}.csv").Skip(1)];
        double[] prices = [.. closes.Select(c => Number(c[1]))];
        var times = closes.Skip(1).Select(c => LocalDatePattern.Iso.Parse(c[0]).Value.AtStartOfDayInZone(NodaTime.DateTimeZone.Utc).ToInstant()).ToArray();
        double[] returns = [.. Enumerable.Range(1, prices.Length - 1).Select(t => (prices[t] / prices[t - 1]) - 1)];
        string[][] published = [.. Lines($"var99_{index}_{period}.csv")];
        var first = Array.FindIndex(closes, c => string.Equals(c[0], published[1][0], StringComparison.Ordinal)) - 1;
        double[][] rows = [.. published.Skip(1).Select(r => r.Skip(1).Select(Number).ToArray())];
        return new PublishedRisk(TimeSeries.Univariate(index, Frequency.Parse("B"), times, returns), first, published[0], rows);
    }

    /// <summary>VaR of each day by a model that sees the last returns before it, fitted each day.</summary>
    public double[] Walk(IForecaster model, int window, double alpha = 0.01)
    {
        var panel = new Panel([_series]);
        var task = new ForecastTask(1, [alpha]);
        var risk = new double[Days];
        for (var day = 0; day < Days; day++)
        {
            var view = panel.AsOf(_series.Times[_first + day - 1], window);
            risk[day] = -model.Fit(view, task, TestPanels.Context).Predict(KnownFuture.None, 1, 1)[_series.Id].Quantile(1, alpha, model.Name);
        }

        return risk;
    }

    /// <summary>The returns that a day's VaR is made from.</summary>
    public double[] Before(int day, int window) => _series.Targets[0].Values[(_first + day - window)..(_first + day)].ToArray();

    public int Exceedances(double[] var) => Loss.Zip(var).Count(p => p.First > p.Second);

    private static IEnumerable<string[]> Lines(string file) => File.ReadLines(Repository.At("tests", "data", "reference", "var_lstm_mdn", file)).Select(l => l.Split(','));

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}

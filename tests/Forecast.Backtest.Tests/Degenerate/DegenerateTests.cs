using System.Text;
using Forecast.Backtest.Wrappers;

namespace Forecast.Backtest.Tests.Degenerate;

/// <summary>Every model of the platform, by its example, on every kind of degenerate series; docs/DEGENERATE.md is the table of it.</summary>
public sealed class DegenerateTests
{
    private static readonly string Page = Repository.At("docs", "DEGENERATE.md");

    private static readonly Lazy<IReadOnlyList<(DegenerateModel Model, DegenerateCase[] Cases)>> Table = new(() =>
        [.. DegenerateModel.All.Select(m => (m, DegenerateSeries.All.Select(s => DegenerateCase.Of(m, s)).ToArray()))]);

    [Fact]
    public void Every_model_gives_the_right_answer_or_a_clear_error()
    {
        var faults = new List<string>();
        foreach (var (model, cases) in Table.Value)
        {
            for (var i = 0; i < cases.Length; i++) faults.AddRange(cases[i].Faults.Take(3).Select(f => $"{model.Text} on {DegenerateSeries.All[i].Name}: {f}"));
        }

        faults.ShouldBeEmpty(string.Join('\n', faults));
        Table.Value.Count.ShouldBeGreaterThan(PlatformCatalogue.All.Models.Count);
    }

    [Fact]
    public void No_model_refuses_the_usual_sizes_or_the_constant_and_all_its_kin()
    {
        // A model that refused everything would pass the test above.
        foreach (var (model, cases) in Table.Value) cases.Count(c => c.Cell.StartsWith('`')).ShouldBeLessThan(7, model.Text);
        foreach (var (model, cases) in Table.Value) cases[^1].Cell.ShouldBe(model.Free is null ? "scaled" : "whole", model.Text);
    }

    /// <remarks>Set FORECAST_UPDATE_DEGENERATE=1 to write the page anew after a wanted change.</remarks>
    [Fact]
    public void The_committed_page_is_what_the_models_do()
    {
        var page = Write();
        if (Environment.GetEnvironmentVariable("FORECAST_UPDATE_DEGENERATE") is "1") File.WriteAllText(Page, page);
        File.ReadAllText(Page).ShouldBe(page);
    }

    private static string Write()
    {
        var page = new StringBuilder("""
            # Degenerate series

            What every model of the catalogue makes of series that models stumble over: the right answer, or an error whose code and message say
            what is wrong. A test runs this table, and writes it (`FORECAST_UPDATE_DEGENERATE=1`) after a wanted change.

            | series | what it is |
            |---|---|

            """);
        foreach (var series in DegenerateSeries.All) page.Append($"| {series.Name} | {series.Meaning} |\n");
        page.Append("""

            Each model is asked, by its example, for five days; the last rows are constraints on one of them. `code` is the error that it gives (see [ERRORS.md](ERRORS.md)); the other cells are

            | cell | what the test holds |
            |---|---|
            | the value | every mean is the value to 1e-6, and the interval from 0.1 to 0.9, where the model has quantiles, is no wider than 1e-5 of it |
            | 0.95 of it | the same of 0.95 times the value: what the method of Syntetos and Boylan says by its definition |
            | near | on average over the steps, the means are off those without gaps by no more than half the width of the model's own interval from 0.1 to 0.9 there (the deviation of the series, where it says no width), and the intervals are between half and twice as wide |
            | near (2) | the same with twice that distance of the means |
            | within | every mean is finite and no further from the data than they are wide, or high |
            | scaled | means and the quantiles at 0.1 and 0.9 are those of the unscaled series times the factor, relative to the level to the tolerance in the last column |
            | whole | the quantiles are whole numbers, and they and the means are within 0.5 of those of the model without `integer` |


            """);
        page.Append($"| model | {string.Join(" | ", DegenerateSeries.All.Select(s => s.Name))} | tolerance |\n|---|{string.Concat(DegenerateSeries.All.Select(_ => "---|"))}---|\n");
        foreach (var (model, cases) in Table.Value)
            page.Append($"| `{model.Text}` | {string.Join(" | ", cases.Select(c => c.Cell))} | {DegenerateCase.ToleranceOf(model.Name):G1} |\n");
        return page.ToString();
    }
}

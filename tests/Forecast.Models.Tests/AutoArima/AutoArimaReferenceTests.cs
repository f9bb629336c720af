using System.Text.Json.Nodes;
using Forecast.Models.Arima;
using Forecast.Models.AutoArima;

namespace Forecast.Models.Tests.AutoArima;

/// <summary>
/// Every case of autoarima.json: the order of R's auto.arima, or an exact AICc that is not above that of its exact stepwise search
/// by more than 0.5, with the same differences.
/// </summary>
public class AutoArimaReferenceTests(ITestOutputHelper output)
{
    public static TheoryData<string, string> Cases() => OracleFile.Cases("autoarima*.json");

    [Fact]
    public void The_repository_has_thirty_cases() => Cases().Count.ShouldBeGreaterThanOrEqualTo(30);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Stepwise(string file, string id) => Check(file, id, new AutoArimaOptions());

    private void Check(string file, string id, AutoArimaOptions options)
    {
        var c = OracleFile.Load(file, id);
        var exact = c.Expected["stepwise_exact"]!;
        var chosen = AutoArimaChoice.Of(id, c.Values, options, c.Period, cancellation: TestContext.Current.CancellationToken);
        var (order, seasonal) = (Order(exact["order"]), Order(exact["seasonal"]));
        output.WriteLine($"{chosen.Options} of {chosen.Tried}, AICc {chosen.Fit?.Aicc:F4}; R {order}{seasonal} {exact["constant"]} {exact["aicc"]}");
        (chosen.Options.Order.Differences, chosen.Options.Seasonal.Differences).ShouldBe((order.Differences, seasonal.Differences));
        if (exact["aicc"] is not { } aicc)
        {
            (chosen.Options.Order, chosen.Options.Seasonal).ShouldBe((order, seasonal));
            chosen.Constant.ShouldNotBeNull();
            return;
        }

        if (chosen.Options.Order != order || chosen.Options.Seasonal != seasonal)
            chosen.Fit.ShouldNotBeNull().Aicc.ShouldBeLessThanOrEqualTo((double)aicc + 0.5);
    }

    private static ArimaOrder Order(JsonNode? node) => new((int)node![0]!, (int)node[1]!, (int)node[2]!);
}

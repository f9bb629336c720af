using System.Text.Json;
using Forecast.Core;
using Forecast.Models.Transforms;

namespace Forecast.Models.Tests.Transforms;

public sealed class BoxCoxTests
{
    public static TheoryData<string> OracleCases => [.. Oracle().RootElement.GetProperty("cases").EnumerateArray().Select(c => c.GetProperty("id").GetString()!)];

    [Theory]
    [MemberData(nameof(OracleCases))]
    public void Guerrero_finds_the_lambda_of_R(string id)
    {
        using var oracle = Oracle();
        var test = oracle.RootElement.GetProperty("cases").EnumerateArray().First(c => c.GetProperty("id").ValueEquals(id));
        var series = oracle.RootElement.GetProperty("series").GetProperty(test.GetProperty("series").GetString()!);
        var y = series.GetProperty("values").EnumerateArray().Select(v => v.GetDouble()).ToArray();
        var lambda = BoxCox.Guerrero(y, series.GetProperty("frequency").GetInt32(), id);

        // R's optimize stops at a tolerance of 1.2e-4 of the interval; ours goes on.
        lambda.ShouldBe(test.GetProperty("expected").GetProperty("lambda_guerrero").GetDouble(), 2e-4);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.5)]
    [InlineData(-0.7)]
    [InlineData(2)]
    public void The_inverse_undoes_the_transform(double lambda)
    {
        foreach (var y in new[] { 1e-3, 0.4, 1, 3.7, 1e4 })
            BoxCox.Inverse(BoxCox.Forward(y, lambda), lambda).ShouldBe(y, 1e-9 * y);
    }

    [Fact]
    public void Negative_values_survive_a_positive_lambda() => BoxCox.Inverse(BoxCox.Forward(-3.5, 0.5), 0.5).ShouldBe(-3.5, 1e-12);

    [Fact]
    public void Values_without_a_logarithm_are_named()
    {
        var error = Should.Throw<ForecastException>(() => BoxCox.Forward([1, 2, 0, 4], 0, "sales"));
        error.Series.ShouldBe("sales");
        error.Index.ShouldBe(2);
    }

    [Fact]
    public void A_constant_series_gives_no_lambda() =>
        Should.Throw<ForecastException>(() => BoxCox.Guerrero([5, 5, 5, 5, 5, 5], 2, "flat")).Code.ShouldBe("box-cox-auto");

    private static JsonDocument Oracle() => JsonDocument.Parse(File.ReadAllText(ReferenceData.Files("boxcox*.json").First()));
}

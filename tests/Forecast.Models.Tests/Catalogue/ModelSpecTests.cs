using Forecast.Core;
using Forecast.Models.Catalogue;

namespace Forecast.Models.Tests.Catalogue;

public sealed class ModelSpecTests
{
    [Fact]
    public void A_full_model_string_is_read_part_by_part()
    {
        var spec = ModelSpec.Parse(" ARIMA(0,1,1)( 0, 1 ,1 )[12]{mean: true, Box-Cox: auto} ");
        spec.Name.ShouldBe("arima");
        spec.Arguments.Select(a => string.Join('|', a)).ShouldBe(["0|1|1", "0|1|1"]);
        spec.Period.ShouldBe("12");
        spec.Suffix.ShouldBeNull();
        spec.Options.ShouldBe(new Dictionary<string, string>(StringComparer.Ordinal) { ["mean"] = "true", ["box_cox"] = "auto" }, ignoreOrder: true);
    }

    [Fact]
    public void A_suffix_follows_the_brackets()
    {
        ModelSpec.Parse("garch(1,1)-t").Suffix.ShouldBe("t");
        ModelSpec.Parse("seasonal-naive").Name.ShouldBe("seasonal-naive");
    }

    [Fact]
    public void Lists_split_at_commas_outside_brackets()
    {
        ModelSpec.SplitList("a(1,2){x: 1, y: [2,3]}, b ,c[12]").ShouldBe(["a(1,2){x: 1, y: [2,3]}", "b", "c[12]"]);
    }

    [Theory]
    [InlineData("", "a model name is missing")]
    [InlineData("(1,1)", "a model name is missing")]
    [InlineData("9lives", "a model name is missing")]
    [InlineData("garch(1,1", "'(' is not closed")]
    [InlineData("arima(1,0,1)[12", "'[' is not closed")]
    [InlineData("garch{dist}", "option 'dist' is not of the form name: value")]
    [InlineData("garch{dist: t, dist: ged}", "option 'dist' stands twice")]
    [InlineData("garch(1,1)-", "nothing follows the hyphen")]
    [InlineData("garch(1,1)!", "'!' is not understood")]
    public void Malformed_strings_say_what_is_wrong(string text, string what)
    {
        var error = Should.Throw<ForecastException>(() => ModelSpec.Parse(text));
        error.Code.ShouldBe("model-malformed");
        error.Message.ShouldContain(what);
    }

    [Theory]
    [InlineData("naive,,drift")]
    [InlineData("naive,")]
    [InlineData("")]
    public void Empty_places_in_a_list_are_errors(string list) =>
        Should.Throw<ForecastException>(() => ModelSpec.SplitList(list)).Code.ShouldBe("models-empty");

    [Theory]
    [InlineData("garch(1,1)", "garch(1,1){log: true}")]
    [InlineData("garch(1,1){dist: t}", "garch(1,1){dist: t, log: true}")]
    [InlineData("garch(1,1){log: false, dist: t}", "garch(1,1){dist: t, log: true}")]
    public void An_option_is_added_or_replaced(string model, string expected) =>
        ModelSpec.WithOption(model, "log", "true").ShouldBe(expected);
}

using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace Forecast.Torch.Tests.Engine;

public class OperatorTests
{
    private static readonly Operator Add = new("add", "Tensor");
    private static readonly Operator LayerNorm = new("layer_norm");

    [Fact]
    public void What_does_not_fit_names_operator_reason_shapes_and_types()
    {
        var error = Should.Throw<ExternalException>(() => zeros(2, 3, float32, TestDevice.Device).matmul(zeros(4, 5, float64, TestDevice.Device)));
        error.Message.ShouldStartWith("aten::matmul: ");
        error.Message.ShouldContain("Float [2, 3]");
        error.Message.ShouldContain("Double [4, 5]");
        Should.Throw<ExternalException>(() => cat([zeros(2, 3), zeros(2)])).Message.ShouldContain("[Float [2, 3] cpu, Float [2] cpu], 0");
        Should.Throw<ExternalException>(() => zeros(2, int64).softmax(0)).Message.ShouldContain("aten::softmax");
        Should.Throw<ExternalException>(() => zeros(3).view(2, 2)).Message.ShouldContain("[2, 2]");
    }

    [Fact]
    public void An_operator_that_is_not_there_says_so_on_its_first_call()
    {
        var none = new Operator("no_such_thing");
        none.Exists.ShouldBeFalse();
        Should.Throw<ExternalException>(() => none.Call(zeros(1))).Message.ShouldContain($"this libtorch ({__version__}) has no operator aten::no_such_thing");
    }

    [Fact]
    public void Arguments_of_the_wrong_kind_are_named()
    {
        var x = ones(2, 3);
        Should.Throw<ExternalException>(() => Add.Call(x, "three")).Message.ShouldContain("argument 'other' must be a tensor");
        Should.Throw<ExternalException>(() => Add.Call(x)).Message.ShouldContain("argument 'other' is missing");
        Should.Throw<ExternalException>(() => new Operator("mul", "Scalar").Call(x)).Message.ShouldContain("argument 'other' is missing");
        Should.Throw<ExternalException>(() => new Operator("mul", "Scalar").Call(x, default)).Message.ShouldContain("argument 'other' is missing");
        Should.Throw<ExternalException>(() => Add.Call(x, x, 1L, 2L)).Message.ShouldContain("takes 3 arguments, not 4");
        Should.Throw<ExternalException>(() => Add.Call(x, Arg.None)).Message.ShouldContain("argument 'other' cannot be left out");
        Should.Throw<ExternalException>(() => LayerNorm.Call(x, x)).Message.ShouldContain("a list of integers was expected");
        Should.Throw<ExternalException>(() => LayerNorm.Call(x, 3L, Arg.None, Arg.None, "tiny")).Message.ShouldContain("argument 'eps' must be a number");
    }

    [Fact]
    public void Missing_arguments_take_the_schemas_defaults_wherever_they_stand()
    {
        var x = arange(6, float32, TestDevice.Device).view(2, 3);
        Tensor plain = LayerNorm.Call(x, 3L);
        Tensor spelled = LayerNorm.Call(x, 3L, Arg.None, default, 1e-5, default);
        plain.Numbers().ShouldBe(spelled.Numbers());
        Tensor sum = Add.Call(x, x, default);
        sum.Numbers().ShouldBe([0, 2, 4, 6, 8, 10]);
    }

    [Fact]
    public void Every_operator_that_is_named_exists_here()
    {
        var names = typeof(torch).Assembly.GetType("TorchSharp.Op")!.GetFields(System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Static)
            .Select(field => (Operator)field.GetValue(null)!).ToList();
        names.Count.ShouldBeGreaterThan(300);
        names.Where(op => !op.Exists).Select(op => op.Name).ShouldBeEmpty();
    }

    [Fact]
    public void Many_threads_call_at_once()
    {
        var weights = rand([16, 16], float64, TestDevice.Device);
        var expected = weights.matmul(weights).Numbers();
        Parallel.For(0, 4, new ParallelOptions { MaxDegreeOfParallelism = 4 }, _ =>
        {
            using var scope = NewDisposeScope();
            for (var i = 0; i < 100; i++)
            {
                weights.matmul(weights).Numbers().ShouldBe(expected);
                // A refusal writes libtorch's whole stack into its text first, which takes milliseconds.
                if (i % 20 == 0) Should.Throw<ExternalException>(() => weights.matmul(zeros(3))).Message.ShouldContain("aten::matmul");
            }
        });
    }

    [Fact]
    public void A_missing_library_says_what_to_do()
    {
        var start = new System.Diagnostics.ProcessStartInfo(Environment.ProcessPath!)
        {
            ArgumentList = { "-method", "*A_number_selects_and_keeps_the_rest", "-noColor" },
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        start.Environment["FORECAST_TORCH"] = "/nowhere/libforecast_torch.so";
        using var child = System.Diagnostics.Process.Start(start)!;
        var text = child.StandardOutput.ReadToEnd();
        child.WaitForExit();
        child.ExitCode.ShouldNotBe(0);
        text.ShouldContain("FORECAST_TORCH points to '/nowhere/libforecast_torch.so', where there is no libforecast_torch.so");
    }
}

package dev.sallyport.testkit.lab;

import java.util.List;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives a test class one {@link Lab}: {@code @ExtendWith(LabExtension.class)}, and a parameter of
 * type Lab in the constructor, a test or a lifecycle method. The lab starts at the first parameter
 * and is closed after the class. Where the machine cannot have a lab the class is skipped, and the
 * reason is {@link Lab#requirements()}.
 */
public final class LabExtension implements ParameterResolver, ExecutionCondition {
  private static final ExtensionContext.Namespace STORE =
      ExtensionContext.Namespace.create(LabExtension.class);

  /** For JUnit. */
  public LabExtension() {}

  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    if (context.getTestMethod().isPresent()) {
      return ConditionEvaluationResult.enabled("asked of the class");
    }
    List<String> missing = Lab.requirements();
    return missing.isEmpty()
        ? ConditionEvaluationResult.enabled("this machine can have a lab")
        : ConditionEvaluationResult.disabled(String.join(" ", missing));
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == Lab.class;
  }

  @Override
  public Lab resolveParameter(ParameterContext parameter, ExtensionContext context) {
    ExtensionContext ofClass = context;
    while (ofClass.getTestMethod().isPresent() && ofClass.getParent().isPresent()) {
      ofClass = ofClass.getParent().get();
    }
    return ofClass.getStore(STORE).computeIfAbsent(Lab.class, key -> Lab.start(), Lab.class);
  }
}
